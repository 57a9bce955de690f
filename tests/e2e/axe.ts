// Runs axe over a screen and keeps its picture.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'puppeteer';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Axe {
  run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

export class AxePuppeteer {
  readonly #folder: string;

  /** @param folder where the pictures go */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** @throws Error that names every violation of WCAG A and AA on the screen */
  async check(page: Page, name: string, picture?: Uint8Array): Promise<void> {
    // What still fades in has less contrast than it will.
    await page.evaluate(() =>
      Promise.allSettled(document.getAnimations().map(({ finished }) => finished)).then(() => {}),
    );
    writeFileSync(join(this.#folder, `${name}.png`), picture ?? (await page.screenshot({ fullPage: true })));
    // Injected past the page's policy, which would refuse it.
    await page.evaluate(SOURCE);
    const { violations } = await page.evaluate(() =>
      (window as unknown as { axe: Axe }).axe.run({
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      }),
    );
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' · ')}`);
    if (told.length > 0) throw new Error(`${name}: ${told.join('; ')}`);
  }
}
