// Pages inside applications, where a password field is no sign-in, with sign-ins of unusual shape among them; and the witness that each
// carries: it tells what was pressed and where which value was put.
import { INSIDE_CHINESE } from './inside-chinese.ts';
import { INSIDE_ENGLISH } from './inside-english.ts';
import { INSIDE_OTHERS } from './inside-others.ts';
import type { InsidePage } from './inside-parts.ts';
import { INSIDE_SIGN_INS } from './inside-sign-ins.ts';
import { INSIDE_UNUSUAL } from './inside-unusual.ts';

export const INSIDE: Record<string, InsidePage> = {
  ...INSIDE_ENGLISH,
  ...INSIDE_CHINESE,
  ...INSIDE_OTHERS,
  ...INSIDE_SIGN_INS,
  ...INSIDE_UNUSUAL,
};

/** Where the engine still does what it may not: pages that no rule of it tells from a sign-in yet. */
export const STILL_DANGEROUS: ReadonlySet<string> = new Set();

/** Sign-ins, and places to fill, that it leaves alone for now. */
export const STILL_MISSED: ReadonlySet<string> = new Set();

/** What is put into a page, by the mark of the fields that may hold it. */
export const GIVEN = { name: 'ward-7', password: 'Blue-Kettle-42', code: '492039', extra: 'Ward North' } as const;

/** What a page saw: each press and each value with whether it was allowed there, and the marks that it began with. */
export interface Seen {
  pressed: { how: 'click' | 'Enter' | 'submit'; what: string; allowed: boolean }[];
  put: { what: string; value: keyof typeof GIVEN; allowed: boolean }[];
  marks: string[];
}

/**
 * Runs in the page before everything else. Takes the marks (`data-may`) out of the document, so that nobody reads them there, and keeps
 * whatever is pressed from leaving the page.
 */
function witness(given: Record<string, string>): void {
  const marks = new WeakMap<Element, string>();
  const roots: ParentNode[] = [document];
  const kinds = new Set<string>();
  const unmark = () => {
    for (const root of roots)
      for (const element of root.querySelectorAll('[data-may]')) {
        const kind = element.getAttribute('data-may') ?? '';
        kinds.add(kind);
        marks.set(element, kind);
        element.removeAttribute('data-may');
      }
  };
  new MutationObserver(unmark).observe(document, { childList: true, subtree: true });
  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function (init) {
    const root = attachShadow.call(this, init);
    roots.push(root);
    new MutationObserver(unmark).observe(root, { childList: true, subtree: true });
    return root;
  };
  const pressed: { how: string; what: string; allowed: boolean }[] = [];
  const put = new Map<string, { what: string; value: string; allowed: boolean }>();
  const pathOf = (event: Event) => event.composedPath().filter((one): one is Element => one instanceof Element);
  const name = (element: Element | undefined) => {
    const { localName = '', id = '' } = element ?? {};
    const words = element instanceof HTMLElement ? element.innerText || element.getAttribute('value') : '';
    return `${localName}${id && `#${id}`} ${element?.getAttribute('name') ?? ''} ${(words ?? '').trim().slice(0, 40)}`;
  };
  let sent = false;
  const press = (how: string, element: Element | undefined, allowed: boolean) => {
    unmark();
    sent ||= allowed;
    pressed.push({ how, what: name(element), allowed });
  };
  const isMarked = (event: Event, ...wanted: string[]) => {
    unmark();
    return pathOf(event).some((one) => {
      const control = one instanceof HTMLLabelElement ? one.control : undefined;
      return wanted.includes(marks.get(control ?? one) ?? '');
    });
  };
  addEventListener(
    'click',
    (event) => {
      press('click', pathOf(event)[0], isMarked(event, 'press', 'switch-off', 'name', 'password', 'code', 'extra'));
      // A box changes all the same; a link or a button leads nowhere.
      if (pathOf(event).some((one) => one.matches('a, button, [type=submit], [type=image]'))) event.preventDefault();
    },
    true,
  );
  addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Enter')
        press('Enter', pathOf(event)[0], kinds.has('press') && isMarked(event, 'name', 'password', 'code'));
    },
    true,
  );
  addEventListener(
    'submit',
    (event) => {
      const { submitter } = event;
      press('submit', submitter ?? pathOf(event)[0], submitter ? marks.get(submitter) === 'press' : sent);
      event.preventDefault();
    },
    true,
  );
  const look = (element: Element | undefined) => {
    unmark();
    const text = (element as HTMLInputElement | undefined)?.value ?? (element as HTMLElement | undefined)?.innerText;
    for (const [value, secret] of Object.entries(given)) {
      // A box for one digit holds no more of the code.
      const isDigit = value === 'code' && element instanceof HTMLInputElement && element.maxLength === 1;
      if (!element || !text || !(text.includes(secret) || isDigit)) continue;
      const allowed = (marks.get(element) ?? '').split(' ').includes(value);
      put.set(`${value} ${name(element)}`, { what: name(element), value, allowed });
    }
  };
  for (const kind of ['input', 'change']) addEventListener(kind, (event) => look(pathOf(event)[0]), true);
  Object.assign(window, {
    seen: () => {
      for (const root of roots)
        for (const element of root.querySelectorAll('input, textarea, select, [contenteditable]')) look(element);
      return { pressed, put: [...put.values()], marks: [...kinds] };
    },
  });
}

const CSS = `body{font:16px sans-serif;margin:1rem}nav,aside{float:left;width:11rem}main{margin-left:13rem}label{display:inline-block;min-width:11rem}
  input,button,select{font:inherit;padding:3px}dialog,[role=dialog]{border:1px solid #999;padding:1rem}.danger{color:#b00}[role=button],.btn{cursor:pointer;border:1px solid #999;padding:3px 9px}`;

/** The whole document of a page. */
export const documentOf = ({ title, lang, body }: InsidePage): string =>
  `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>${title}</title><style>${CSS}</style>
  <script>(${witness})(${JSON.stringify(GIVEN)})</script></head><body>${body}</body></html>`;
