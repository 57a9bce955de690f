// What goes into which field, and where a form would send it: decided on what the browser says of a page, which is played here.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fill } from '../../src/content/fill/fill.ts';
import { Guard } from '../../src/content/fill/guard.ts';
import { hasRoom, matches, sameText, type Value, valuesFor } from '../../src/content/fill/values.ts';
import type { Form } from '../../src/content/recognise/form.ts';
import { faultOf, isDiverted, targetOf } from '../../src/content/recognise/target.ts';
import type { FillOrder } from '../../src/extension/page-api.ts';

const ORIGIN = 'https://site.example';
const HTML = 'http://www.w3.org/1999/xhtml';

/** An element as far as it is asked here. */
interface Played {
  namespaceURI: string;
  localName: string;
  attributes: Record<string, string>;
  base: string;
  parentElement: Played | null;
}
const played = <T = Element>(localName: string, more: object = {}): T =>
  ({ namespaceURI: HTML, localName, attributes: {}, base: `${ORIGIN}/sign-in`, parentElement: null, ...more }) as T;
const form = (attributes: Record<string, string>, base = `${ORIGIN}/sign-in`) => played('form', { attributes, base });
const button = (attributes: Record<string, string> = {}, more: object = {}) =>
  played<HTMLElement>('button', { attributes, ...more });

beforeAll(() => {
  class FakeNode {
    get baseURI() {
      return (this as unknown as Played).base;
    }
  }
  class FakeElement extends FakeNode {
    getAttribute(name: string): string | null {
      return (this as unknown as Played).attributes[name] ?? null;
    }
  }
  vi.stubGlobal('window', { origin: ORIGIN });
  vi.stubGlobal('Node', FakeNode);
  vi.stubGlobal('Element', FakeElement);
  vi.stubGlobal('HTMLElement', class extends FakeElement {});
});
afterAll(() => vi.unstubAllGlobals());

const ELSEWHERE = { fault: 'origin-mismatch', certain: true };
const DOUBTFUL = { fault: 'origin-mismatch', certain: false };
const ADDRESS = { fault: 'password-in-address', certain: false };

describe('where a form would be sent', () => {
  const post = { method: 'post' };
  test.each([
    ['to its own page', form(post), undefined, undefined],
    ['to a path', form({ ...post, action: '/in' }), undefined, undefined],
    ['to its own origin, named', form({ ...post, action: `${ORIGIN}/in` }), undefined, undefined],
    ['to another origin', form({ ...post, action: 'https://evil.example/' }), undefined, ELSEWHERE],
    ['to its own host without encryption', form({ ...post, action: 'http://site.example/' }), undefined, ELSEWHERE],
    ['to another port', form({ ...post, action: `${ORIGIN}:444/` }), undefined, ELSEWHERE],
    ['to a sister host', form({ ...post, action: 'https://www.site.example/' }), undefined, ELSEWHERE],
    ['to no address at all', form({ ...post, action: 'https://' }), undefined, ELSEWHERE],
    ['to a mail program', form({ ...post, action: 'mailto:a@evil.example' }), undefined, ELSEWHERE],
    ['to a file of its own making', form({ ...post, action: `blob:${ORIGIN}/1` }), undefined, ELSEWHERE],
    ['by a base elsewhere', form({ ...post, action: 'in' }, 'https://evil.example/'), undefined, ELSEWHERE],
    ['by its button elsewhere', form(post), button({ formaction: '//evil.example/' }), ELSEWHERE],
    ['by its button home', form(post), button({ formaction: '/in' }), undefined],
    ['by a button that says nothing', form(post), button(), undefined],
    ['to a script that calls', form({ ...post, action: 'javascript:void(0)' }), undefined, undefined],
    ['to a script that calls, without a method', form({ action: 'javascript:void(0)' }), undefined, undefined],
    [
      'to a script that says something',
      form({ ...post, action: 'javascript:fetch("//evil.example")' }),
      undefined,
      DOUBTFUL,
    ],
    [
      'to a script, and by its button to another',
      form({ ...post, action: 'javascript:;' }),
      button({ formaction: 'javascript:a=b' }),
      DOUBTFUL,
    ],
    [
      'to a script, and by its button elsewhere',
      form({ ...post, action: 'javascript:;' }),
      button({ formaction: '//evil.example/' }),
      ELSEWHERE,
    ],
    ['in an address', form({}), undefined, ADDRESS],
    ['in an address, said so', form({ method: 'GET' }), undefined, ADDRESS],
    ['by its button in an address', form(post), button({ formmethod: 'get' }), ADDRESS],
    ['by its button as a post', form({}), button({ formmethod: 'post' }), undefined],
    ['nowhere, as a dialog', form({ method: 'dialog' }), undefined, undefined],
  ])('%s', (_name, sent, submit, fault) => {
    expect(faultOf(sent, submit)).toEqual(fault);
  });

  const SISTER = 'https://login.site.example';
  test.each([
    ['to it', form({ ...post, action: `${SISTER}/in` }), undefined, undefined],
    ['to it, by its button', form(post), button({ formaction: `${SISTER}/in` }), undefined],
    ['to it, by its base', form({ ...post, action: 'in' }, `${SISTER}/`), undefined, undefined],
    ['home all the same', form({ ...post, action: '/in' }), undefined, undefined],
    ['to it as a post that only the button says', form({ action: SISTER }), button({ formmethod: 'post' }), undefined],
    ['to it in an address', form({ action: SISTER }), undefined, ELSEWHERE],
    ['to it in an address, by its button', form({ ...post, action: SISTER }), button({ formmethod: 'get' }), ELSEWHERE],
    ['to its host without encryption', form({ ...post, action: 'http://login.site.example/' }), undefined, ELSEWHERE],
    ['to its host at another port', form({ ...post, action: `${SISTER}:444/` }), undefined, ELSEWHERE],
    ['to a file of its making', form({ ...post, action: `blob:${SISTER}/1` }), undefined, ELSEWHERE],
    ['to another sister', form({ ...post, action: 'https://pay.site.example/' }), undefined, ELSEWHERE],
    [
      'to it, and by its button to another',
      form({ ...post, action: SISTER }),
      button({ formaction: '//evil.example/' }),
      ELSEWHERE,
    ],
    ['to no address at all', form({ ...post, action: 'https://' }), undefined, ELSEWHERE],
  ])('of which the phone was shown one other address: %s', (_name, sent, submit, fault) => {
    expect(faultOf(sent, submit, SISTER)).toEqual(fault);
  });

  const whole = (box: Element, submit?: HTMLElement, ...fields: object[]) =>
    ({ box, submit, fields: fields.map((element) => ({ element })) }) as unknown as Form;
  const to = (action: string, more: Record<string, string> = post) => form({ ...more, action });
  test.each([
    ['to another origin', whole(to(`${SISTER}/in`)), SISTER],
    [
      'by its button to another origin',
      whole(form(post), button({ formaction: SISTER }, { form: form(post) })),
      SISTER,
    ],
    ['home', whole(to('/in')), undefined],
    [
      'home, with a field that belongs to a form elsewhere',
      whole(to('/in'), undefined, played('input', { form: to(SISTER) })),
      SISTER,
    ],
    ['to two others', whole(to(SISTER), button({ formaction: 'https://evil.example' })), undefined],
    ['in the address of another', whole(to(SISTER, {})), undefined],
    ['to a script', whole(to('javascript:;')), undefined],
    ['to a mail program', whole(to('mailto:a@evil.example')), undefined],
    ['to no address at all', whole(to('https://')), undefined],
    ['nowhere, without a form', whole(played('div')), undefined],
  ])('is told to the phone: %s', (_name, one, target) => {
    expect(targetOf(one)).toBe(target);
  });

  const away = form({ method: 'post', action: 'https://evil.example/' });
  const home = form({ method: 'post' });
  const filled = (box: Element, submit?: HTMLElement) => ({ box, submit }) as Form;
  test.each([
    ['the box', filled(away), [], true],
    ['what stands around the box', filled(played('div', { parentElement: away })), [], true],
    ['the button', filled(home, button({}, { form: away })), [], true],
    ['a field', filled(home), [played('input', { form: away })], true],
    ['what stands around a field', filled(home), [played('input', { form: null, parentElement: away })], true],
    ['none', filled(home, button({}, { form: home })), [played('input', { form: home })], false],
    ['none, where there is no form', filled(played('div')), [played('input', { form: null })], false],
    ['one that only stands in an address', filled(form({})), [], false],
  ])('is asked of every form that a person could mean: %s', (_name, one, fields, diverted) => {
    expect(isDiverted(one, fields as Element[])).toBe(diverted);
  });
});

describe('a fill', () => {
  // There is no page here: whatever is looked at fails as a bug would.
  const start = (over = new AbortController().signal) => fill({ origin: ORIGIN } as FillOrder, '', new Guard(), over);

  test('that fails by an error of ours is told, and does not pass for a page that has gone', async () => {
    expect(await start()).toEqual({ done: 'not-filled', code: 'no-form' });
  });

  test('is over where its page was left, or another has begun', async () => {
    expect(await start(AbortSignal.abort())).toEqual({ done: 'not-filled', code: 'page-left' });
  });

  test.each([
    [4_900, 'no-form'],
    [5_100, 'page-left'],
  ])('that was kept waiting for %i ms goes on only while the background waits, too', async (ms, code) => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(ms).mockReturnValueOnce(0);
    try {
      expect(await start()).toEqual({ done: 'not-filled', code });
    } finally {
      now.mockRestore();
    }
  });
});

describe('what goes where', () => {
  const input = (more: object = {}) =>
    played<HTMLInputElement>('input', { value: '', disabled: false, readOnly: false, maxLength: -1, ...more });
  const ORDER: FillOrder = {
    mark: '',
    origin: ORIGIN,
    frame: false,
    username: 'li',
    password: 'secret',
    extra: 'ward',
    otp: '123456',
  };
  const FORM = {
    step: 'sign-in',
    name: undefined,
    password: undefined,
    newPasswords: [],
    code: [],
    tenant: undefined,
  } as unknown as Form;
  const given = (more: Partial<Form>, order: Partial<FillOrder> = {}) =>
    valuesFor({ ...FORM, ...more } as Form, { ...ORDER, ...order }).map(({ value, secret }) => [value, secret]);
  const boxes = (count: number) => Array.from({ length: count }, () => input());
  test.each<[string, Partial<Form>, Partial<FillOrder>, unknown]>([
    [
      'name, password and tenant',
      { name: input(), password: input(), tenant: input() },
      {},
      [
        ['ward', ''],
        ['li', ''],
        ['secret', 'secret'],
      ],
    ],
    [
      'a name that stands there and cannot be changed',
      { name: input({ readOnly: true, value: 'li' }), password: input() },
      {},
      [['secret', 'secret']],
    ],
    ['an empty name that only looks shut', { name: input({ readOnly: true }) }, {}, [['li', '']]],
    ['a field that is shut', { name: input({ disabled: true }), password: input() }, {}, [['secret', 'secret']]],
    [
      'nothing for a field without a value',
      { tenant: input(), password: input() },
      { extra: '' },
      [['secret', 'secret']],
    ],
    [
      'a code in one box',
      { step: 'code', code: boxes(1), name: input(), password: input() },
      {},
      [['123456', '123456']],
    ],
    ['a code in six boxes', { step: 'code', code: boxes(6) }, {}, [...'123456'].map((digit) => [digit, '123456'])],
    ['no code in boxes of another number', { step: 'code', code: boxes(4) }, {}, []],
    [
      'a new password, and the one in force',
      { password: input(), newPasswords: boxes(2), name: input(), code: boxes(1) },
      { newPassword: true, current: 'old' },
      [
        ['old', 'old'],
        ['secret', 'secret'],
        ['secret', 'secret'],
      ],
    ],
    [
      'a new password alone',
      { password: input(), newPasswords: boxes(1) },
      { newPassword: true },
      [['secret', 'secret']],
    ],
  ])('%s', (_name, more, order, values) => {
    expect(given(more, order)).toEqual(values);
  });

  const put = (field: object, value: string) => ({ field, value, secret: value }) as Value;
  test.each([
    ['has room without a bound', hasRoom, put(input(), 'secret'), true],
    ['has room up to its bound', hasRoom, put(input({ maxLength: 6 }), 'secret'), true],
    ['has none beyond', hasRoom, put(input({ maxLength: 5 }), 'secret'), false],
    ['a choice has room', hasRoom, put(played('select', { maxLength: 1 }), 'secret'), true],
    ['holds what was typed', matches, put(input({ value: '123456' }), '123456'), true],
    ['holds what a mask has spaced', matches, put(input({ value: '123-456' }), '123 456'), true],
    ['does not hold half of it', matches, put(input({ value: '123' }), '123456'), false],
    [
      'a choice holds its words',
      matches,
      put(played('select', { selectedOptions: [{ text: ' Ward ' }], value: '7' }), 'ward'),
      true,
    ],
    [
      'a choice holds its value',
      matches,
      put(played('select', { selectedOptions: [{ text: 'Ward' }], value: 'W7' }), 'w7'),
      true,
    ],
    [
      'a choice of nothing holds nothing',
      matches,
      put(played('select', { selectedOptions: [], value: '' }), 'ward'),
      false,
    ],
  ] as const)('a field %s', (_name, asks, value, answer) => {
    expect(asks(value)).toBe(answer);
  });

  test('texts are the same to a person whatever their capitals and spaces', () => {
    expect([sameText(' Ward', 'ward '), sameText('ward', 'wards')]).toEqual([true, false]);
  });
});
