// Plays sign-ins that end in known ways through the real extension: whether what both sides were told is true, and how long it took.
import type { Page } from 'puppeteer';
import { type World, world } from '../tests/e2e/world.ts';
import { ENDINGS, type EndingSites, pathOf, startEndings } from '../tests/sites/endings.ts';
import { NAME, PASSWORD, SEED } from '../tests/sites/server.ts';

export interface Told {
  name: string;
  want: readonly string[];
  /** The word on the phone; empty where none came in a minute. */
  got: string;
  isTrue: boolean;
  /** From the tap on the phone until its word, in seconds. */
  seconds: number;
  /** What was posted, and how often that should have been. */
  posts: number;
  mayPost: number;
  /** What the phone says, as a person reads it. */
  said: string;
}

async function playEnding(w: World, sites: EndingSites, name: string): Promise<Told> {
  const { want = [], posts: mayPost = 0 } = ENDINGS[name] ?? {};
  const path = pathOf(name);
  let page: Page | undefined;
  try {
    page = await w.desktop.newPage(sites.origin + path);
    // A window of the page's own stays for as long as a person needs to read it.
    page.on('dialog', (box) => void setTimeout(() => box.accept().catch(() => {}), 4000));
    const popup = await w.desktop.openPopup(page);
    await popup.link();
    // Where the form comes late, so does what a person presses there.
    if (w.desktop.make === 'firefox') await w.says(popup, 'Allow once', 5_000).catch(() => {});
    await w.allow(popup);
    await w.scan(popup);
    await w.phone.approve();
    const start = performance.now();
    const got = await w.outcome(60_000).catch(() => '');
    const seconds = Math.round((performance.now() - start) / 100) / 10;
    const said = (await w.phone.text()).replace(/\s+/g, ' ').replace('Scankey Lock ', '').slice(0, 160);
    const posts = sites.posts(path);
    // Nobody is in before everything was sent that the site asks for.
    const isTrue = want.includes(got) && (got !== 'signed-in' || posts === mayPost);
    return { name, want, got, isTrue, seconds, posts, mayPost, said };
  } finally {
    await w.tidy(page);
  }
}

/**
 * @param parts of the names of what is played; none plays all
 * @param say is told each as soon as it has ended
 */
export async function measureEndings(
  make: World['desktop']['make'],
  parts: readonly string[],
  say: (line: string) => void,
): Promise<Told[]> {
  const sites = await startEndings();
  const w = await world(make);
  const told: Told[] = [];
  try {
    await w.phone.press('Add an account');
    await w.phone.addAccount({ site: sites.origin, username: NAME, password: PASSWORD, totp: SEED });
    await w.desktop.willAllow('http://127.0.0.1/*');
    const names = Object.keys(ENDINGS).filter(
      (name) => parts.length === 0 || parts.some((part) => name.includes(part)),
    );
    for (const name of names) {
      const one = await playEnding(w, sites, name).catch((error) => {
        const said = error instanceof Error ? error.message : String(error);
        return {
          name,
          want: ENDINGS[name]?.want ?? [],
          got: '',
          isTrue: false,
          seconds: 60,
          posts: 0,
          mayPost: 0,
          said,
        };
      });
      told.push(one);
      say(sayEnding(one));
    }
  } finally {
    await w.close();
    sites.close();
  }
  return told;
}

const isClean = (one: Told): boolean => one.isTrue && one.posts <= one.mayPost && one.seconds <= 8;

const sayEnding = (one: Told): string =>
  `${isClean(one) ? 'true ' : 'FALSE'}  ${one.name}: want ${one.want.join(' or ')}, got ${one.got || 'nothing'} after ${one.seconds} s, posted ${one.posts} of ${one.mayPost}${one.got === 'signed-in' && isClean(one) ? '' : ` | ${one.said}`}`;

export function sayEndings(told: readonly Told[]): string {
  const slowest = told.reduce((most, { seconds }) => Math.max(most, seconds), 0);
  const seconds = told.map((one) => one.seconds).toSorted((a, b) => a - b);
  return [
    `told truly            ${told.filter(({ isTrue }) => isTrue).length} of ${told.length}`,
    `"signed in" and not   ${told.filter(({ got, isTrue }) => got === 'signed-in' && !isTrue).length}`,
    `sent too often        ${told.filter(({ posts, mayPost }) => posts > mayPost).length}`,
    `seconds to the word   ${seconds[Math.floor(seconds.length / 2)]} in the middle, ${slowest} at most`,
  ].join('\n');
}
