// Which browser shows the page, by what it says of itself, as far as that leads a person elsewhere.

/** What a browser says of itself. */
export interface Told {
  userAgent: string;
  /** How many fingers the screen tells apart: an iPad calls itself a Macintosh, which has none. */
  maxTouchPoints: number;
  /** Opened from the home screen, without a bar for its address. */
  installed: boolean;
}

export const installed = (): boolean =>
  ['standalone', 'minimal-ui', 'fullscreen'].some((mode) => matchMedia(`(display-mode: ${mode})`).matches);
export const told = (): Told => ({
  userAgent: navigator.userAgent,
  maxTouchPoints: navigator.maxTouchPoints,
  installed: installed(),
});

const isApple = ({ userAgent, maxTouchPoints }: Told): boolean =>
  /\b(iPhone|iPad|iPod)\b/.test(userAgent) || (/\bMacintosh\b/.test(userAgent) && maxTouchPoints > 1);

/** Browsers of other makers on Apple's phones, all of which say Safari, too. */
const GUESTS =
  /\b(CriOS|FxiOS|Focus|EdgiOS|OPiOS|OPT|OPX|DuckDuckGo|Ddg|YaBrowser|UCBrowser|MQQBrowser|Quark|Brave|Vivaldi)\//;

/** Safari on a phone or tablet can be told to install a page, but offers nothing that a page could call. */
export const isSafariOnPhone = (browser: Told): boolean =>
  isApple(browser) && /\bSafari\//.test(browser.userAgent) && !GUESTS.test(browser.userAgent);

/** The sentence that says where this browser's person gives the camera back. */
export function cameraSteps(browser: Told) {
  const isAndroid = /\bAndroid\b/.test(browser.userAgent);
  if (browser.installed && isApple(browser)) return 'cameraInstalledApple';
  if (browser.installed && isAndroid) return 'cameraInstalledAndroid';
  if (isSafariOnPhone(browser)) return 'cameraSafari';
  if (isApple(browser)) return 'cameraGuest';
  return /\bFirefox\//.test(browser.userAgent) ? 'cameraFirefox' : 'cameraSteps';
}

/** Why there is no picture of the camera: it was refused, there is none to be had, or this browser gives none. */
export type CameraTrouble = 'cameraDenied' | 'cameraMissing' | 'cameraFailed';
/** @param error what asking for the camera threw (Media Capture and Streams, section 10.2) */
export function cameraTrouble(error: unknown): CameraTrouble {
  const name = error instanceof DOMException ? error.name : '';
  if (/^(NotAllowed|Security)Error$/.test(name)) return 'cameraDenied';
  return /^(NotFound|NotReadable|Overconstrained)Error$/.test(name) ? 'cameraMissing' : 'cameraFailed';
}
