// What a reader of the screen would hear of the phone's page: its one live region, followed from a moment on.
import type { Page } from 'puppeteer';

export interface Voice {
  /** Everything that it has said since, and each moment at which there was another region, or none. */
  heard(): Promise<{ said: string[]; wrong: string[] }>;
}

/** Follows the live region of `page` until that is loaded anew. */
export async function followVoice(page: Page): Promise<Voice> {
  await page.evaluate(() => {
    const regions = () => [...document.querySelectorAll('[role=status], [role=log], [aria-live]')];
    const [region] = regions();
    const said: string[] = [];
    const wrong: string[] = [];
    const look = () => {
      const all = regions();
      if (all.length !== 1 || all[0] !== region) wrong.push(all.map((one) => one.outerHTML).join(' and ') || 'none');
      const text = region?.textContent ?? '';
      if (text && text !== said.at(-1)) said.push(text);
    };
    look();
    const options = { childList: true, subtree: true, characterData: true, attributeFilter: ['role', 'aria-live'] };
    new MutationObserver(look).observe(document.documentElement, options);
    Object.assign(window, { voice: { said, wrong } });
  });
  return {
    heard: () => page.evaluate(() => (window as unknown as { voice: Awaited<ReturnType<Voice['heard']>> }).voice),
  };
}
