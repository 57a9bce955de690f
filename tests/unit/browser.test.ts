// Which browser shows the page, and what its person is told where the camera is refused.
import { expect, test } from 'vitest';
import { cameraSteps, cameraTrouble, isSafariOnPhone } from '../../src/phone/parts/browser.ts';

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const ANDROID = 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0';
const SAFARI = 'Version/18.3 Mobile/15E148 Safari/604.1';

test.each([
  ['Safari on an iPhone', `${IPHONE} ${SAFARI}`, 5, false, true, 'cameraSafari'],
  [
    'Safari on an iPad, which calls itself a Macintosh',
    `${MAC} Version/18.3 Safari/605.1.15`,
    5,
    false,
    true,
    'cameraSafari',
  ],
  ['Safari on a Mac', `${MAC} Version/18.3 Safari/605.1.15`, 0, false, false, 'cameraSteps'],
  ['Chrome on iOS', `${IPHONE} CriOS/126.0.6478.153 Mobile/15E148 Safari/604.1`, 5, false, false, 'cameraGuest'],
  ['Firefox on iOS', `${IPHONE} FxiOS/127.1 Mobile/15E148 Safari/605.1.15`, 5, false, false, 'cameraGuest'],
  ['Edge on iOS', `${IPHONE} Version/17.0 EdgiOS/126.0 Mobile/15E148 Safari/604.1`, 5, false, false, 'cameraGuest'],
  [
    'Chrome on an iPad that asks for desktop pages',
    `${MAC} CriOS/126 Version/18.3 Safari/605.1.15`,
    5,
    false,
    false,
    'cameraGuest',
  ],
  ['the home screen of an iPhone', `${IPHONE} Mobile/15E148`, 5, true, false, 'cameraInstalledApple'],
  ['the home screen of Android', `${ANDROID} Mobile Safari/537.36`, 5, true, false, 'cameraInstalledAndroid'],
  ['Chrome on Android', `${ANDROID} Mobile Safari/537.36`, 5, false, false, 'cameraSteps'],
  [
    'Firefox on Android',
    'Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0',
    5,
    false,
    false,
    'cameraFirefox',
  ],
  [
    'Chrome on a laptop with a touch screen',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
    10,
    false,
    false,
    'cameraSteps',
  ],
] as const)('%s', (_name, userAgent, maxTouchPoints, installed, safari, steps) => {
  const told = { userAgent, maxTouchPoints, installed };
  expect([isSafariOnPhone(told), cameraSteps(told)]).toEqual([safari, steps]);
});

test.each([
  ['NotAllowedError', 'cameraDenied'],
  ['SecurityError', 'cameraDenied'],
  ['NotFoundError', 'cameraMissing'],
  ['NotReadableError', 'cameraMissing'],
  ['OverconstrainedError', 'cameraMissing'],
  ['AbortError', 'cameraFailed'],
] as const)('a camera that answers %s', (name, trouble) => {
  expect(cameraTrouble(new DOMException('', name))).toBe(trouble);
});

test('a browser that knows no cameras has refused none', () => {
  const { mediaDevices } = {} as { mediaDevices: MediaDevices };
  let thrown: unknown;
  try {
    void mediaDevices.getUserMedia();
  } catch (error) {
    thrown = error;
  }
  expect(cameraTrouble(thrown)).toBe('cameraFailed');
});
