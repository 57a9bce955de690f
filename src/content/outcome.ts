// What a page shows besides its form: its own words about what went wrong, and what only a person can do.
import { attributes } from './recognise/texts.ts';
import { isHtml, matches, own, rectOf } from './recognise/tree.ts';
import { isDrawn } from './recognise/visible.ts';

/** What is called so by its class or its id. */
const called = (words: string): string =>
  words
    .split(' ')
    .map((word) => `[class*=${word} i], [id*=${word} i]`)
    .join();
const STRONG = `[role^=alert], ${called('error danger invalid')}`;
const WEAK = `[aria-live], [role=status], ${called('alert warning message notice feedback helper snack toast')}`;

/** Control characters and what turns text around are not the page's words. */
const plain = (text: string): string => text.replace(/[\s\p{C}]+/gu, ' ').trim();

type Trees = readonly (Document | ShadowRoot)[];

/** What a field that was found wrong is described by. */
const descriptions = (tree: Document | ShadowRoot): (Element | null)[] =>
  [...tree.querySelectorAll('[aria-invalid=true]')].flatMap((field) =>
    ['aria-errormessage', 'aria-describedby'].flatMap((name) =>
      attributes(field, name)
        .split(/\s+/)
        .map((id) => (id ? tree.getElementById(id) : null)),
    ),
  );

/** So many places are looked at, and so many letters of each: a page may be made of what looks like alerts. */
const PLACES = 40;
const LETTERS = 1_000;

/** The page's own visible words about what went wrong, the plainest first, four lines of 120 characters at most. @param trees as `find` collects them */
export function findAlert(trees: Trees): string {
  const found = new Set<string>();
  const all = [STRONG, WEAK].flatMap((kind) => trees.flatMap((tree) => [...tree.querySelectorAll(kind)]));
  let places = 0;
  for (const element of new Set([...trees.flatMap(descriptions), ...all])) {
    if (!element || !isHtml(element) || !isDrawn(element)) continue;
    if (matches(element, 'input, select, textarea, button, form, body, html, :has(input)')) continue;
    if (++places > PLACES) break;
    const text = plain(element.innerText.slice(0, LETTERS));
    if (text.length > 1 && text.length <= 300) found.add(text.slice(0, 120));
  }
  return [...found].slice(0, 4).join('\n');
}

/** So many letters of a page are told. */
const MOST = 50_000;

/** What the page says, its title first. */
export function textOfPage(trees: Trees): string {
  const parts = trees.flatMap((tree) => ('body' in tree ? [tree.body] : [...tree.children])) as HTMLElement[];
  return [document.title, ...parts.map((part) => part && own(part, 'innerText'))].join('\n').slice(0, MOST);
}

const CAPTCHA = /captcha|turnstile|geetest|arkoselabs/i;

/** Whether a riddle's frame asks for something: one that only watches has no room, or is a badge that sticks to the window's edge. */
function asks(frame: HTMLIFrameElement): boolean {
  const { left, right, width, height } = rectOf(frame);
  const shown = Math.min(right, innerWidth) - Math.max(left, 0);
  const isBadge = /size=invisible/.test(frame.src) || shown < width / 2;
  return isDrawn(frame) && !isBadge && width >= 120 && height >= 60;
}

/** What stands in the way that only the person can deal with: a riddle for robots, or a key of their own. */
export function findObstacle(): '' | 'captcha' | 'passkey' {
  const solved = [...document.querySelectorAll<HTMLInputElement>('[name$="-response"]')].some(({ value }) => value);
  for (const frame of document.querySelectorAll('iframe'))
    if (!solved && CAPTCHA.test(frame.src) && asks(frame)) return 'captcha';
  for (const input of document.querySelectorAll<HTMLInputElement>('input'))
    if (CAPTCHA.test(`${input.name} ${input.id} ${input.placeholder}`) && isDrawn(input)) return 'captcha';
  const heading = document.querySelector<HTMLElement>('h1, h2, [role=heading]');
  return /passkey|security key|windows hello|通行密钥|安全密钥/i.test(`${heading?.innerText}`) ? 'passkey' : '';
}
