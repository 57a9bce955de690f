// What a browser calls itself, for a person who is to recognise it.
import bowser from 'bowser';

/** @param userAgent `navigator.userAgent` @returns browser with its version, and system, each of 40 characters at most */
export function computerOf(userAgent: string): { browser: string; os: string } {
  const { browser, os } = bowser.parse(userAgent);
  return {
    browser: `${browser.name ?? 'Browser'} ${browser.version?.split('.')[0] ?? ''}`.trim().slice(0, 40),
    os: (os.name ?? '').slice(0, 40),
  };
}
