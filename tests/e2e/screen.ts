// A window of phone size in any engine: what its driver has to do, and a person before it.
import { until } from './companion.ts';

/** A window of phone size. Selectors are CSS. */
export interface Screen {
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Runs a function in the page, which sees its arguments alone. */
  run<T, A extends readonly unknown[]>(fn: (...args: A) => T, ...args: A): Promise<T>;
  /** Clicks, as a finger would, the first that is in sight and has these words; false where none is. */
  click(selector: string, words: string): Promise<boolean>;
  /** Types into an empty field. */
  type(selector: string, text: string): Promise<void>;
  /** Gives a file to its field. */
  choose(selector: string, path: string): Promise<void>;
  picture(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Runs in the page. To mark what is found would be a change of the page, and what releases something is dead after any. */
export const inSight = (selector: string, words: string): HTMLElement | null =>
  [...document.querySelectorAll<HTMLElement>(selector)].find(
    (one) => one.innerText.includes(words) && one.checkVisibility() && one.ariaDisabled !== 'true',
  ) ?? null;

/** A person before such a window. */
export function reader(screen: Screen) {
  const text = () => screen.run(() => document.body?.innerText ?? '');
  const sees = async (words: string) => {
    let last = '';
    const seen = async () => {
      last = await text().catch(() => '');
      return last.includes(words);
    };
    await until(`the page says "${words}"`, seen).catch((error: Error) => {
      throw new Error(`${error.message}; it says: ${last}`);
    });
  };
  return {
    ...screen,
    text,
    sees,
    async press(label: string) {
      await until(`a button "${label}"`, () => screen.click('button, summary, label', label).catch(() => false));
    },
    async choose(selector: string, path: string) {
      const there = () => screen.run((wanted) => document.querySelector(wanted) !== null, selector);
      await until(`the field ${selector}`, there);
      await screen.choose(selector, path);
    },
    async fill(id: string, value: string) {
      // A screen that is drawn anew just now takes its old field with it, or what was typed there so far.
      const held = (field: string) => document.querySelector<HTMLInputElement>(field)?.value;
      const typed = async () => {
        await screen.type(`#${id}`, value);
        return (await screen.run(held, `#${id}`)) === value;
      };
      await until(`"${value}" stands in the field ${id}`, () => typed().catch(() => false));
    },
  };
}
export type Reader = ReturnType<typeof reader>;
