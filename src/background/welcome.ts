// The page that leads through the first minute, opened once after installing.
import browser from 'webextension-polyfill';
import { WELCOME } from '../extension/messages.ts';

/** Whoever loads the extension from a folder does so again and again: it is asked for in the settings. */
export async function welcome(): Promise<void> {
  const { installType } = await browser.management.getSelf();
  if (installType !== 'development') await browser.tabs.create({ url: browser.runtime.getURL(WELCOME) });
}
