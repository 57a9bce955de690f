// What a page shows besides its form: its own words about what went wrong, and what only a person can do.
import { isHtml } from './recognise/tree.ts';
import { isDrawn } from './recognise/visible.ts';

const ALERTS =
  '[role=alert], [role=alertdialog], [aria-live=assertive], [class*="error" i], [class*="alert" i], [class*="invalid" i], [class*="danger" i], [class*="warning" i], [id*="error" i], [id*="alert" i], [class*="message" i], [class*="notice" i], [class*="feedback" i], [class*="helper" i], [class*="snack" i], [class*="toast" i]';

/** Control characters and what turns text around are not the page's words. */
const plain = (text: string): string =>
  text
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** The page's own visible words about what went wrong, 120 characters at most; empty when it shows none. @param trees as `find` collects them */
export function findAlert(trees: readonly (Document | ShadowRoot)[]): string {
  let weak = '';
  for (const element of trees.flatMap((tree) => [...tree.querySelectorAll(ALERTS)])) {
    if (!isHtml(element) || !isDrawn(element)) continue;
    if (element.matches('input, select, textarea, button, form, body, html') || element.querySelector('input'))
      continue;
    const text = plain(element.innerText);
    if (text.length < 4 || text.length > 300) continue;
    const strong = element.matches(
      '[role=alert], [role=alertdialog], [class*="error" i], [id*="error" i], [class*="danger" i], [class*="invalid" i]',
    );
    if (strong) return text.slice(0, 120);
    weak ||= text;
  }
  return weak.slice(0, 120);
}

const CAPTCHA = /recaptcha|hcaptcha|turnstile|challenges\.cloudflare|captcha|geetest|funcaptcha|arkoselabs/i;

/** What stands in the way that only the person can deal with: a riddle for robots, or a key of their own. */
export function findObstacle(): '' | 'captcha' | 'passkey' {
  for (const frame of document.querySelectorAll('iframe')) {
    const box = frame.getBoundingClientRect();
    // Invisible ones only watch; a riddle takes room.
    if (CAPTCHA.test(frame.src) && isDrawn(frame) && box.width >= 200 && box.height >= 60) return 'captcha';
  }
  for (const input of document.querySelectorAll<HTMLInputElement>('input'))
    if (input.type !== 'hidden' && CAPTCHA.test(`${input.name} ${input.id} ${input.placeholder}`) && isDrawn(input))
      return 'captcha';
  const heading = document.querySelector<HTMLElement>('h1, h2, [role=heading]');
  if (heading && /passkey|security key|windows hello|通行密钥|安全密钥/i.test(heading.innerText)) return 'passkey';
  return '';
}
