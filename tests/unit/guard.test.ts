// What is filled in leaves for nowhere else: the guard over it, with a browser that is played as far as it sends forms.
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Guard } from '../../src/content/fill/guard.ts';
import type { Value } from '../../src/content/fill/values.ts';

const ORIGIN = 'https://site.example';
const HTML = 'http://www.w3.org/1999/xhtml';
type Handler = (event: object) => void;
type Listening = { type: string; run: Handler; capture: boolean };

/** Whatever can be listened to. */
class Target {
  readonly heard: Listening[] = [];
  addEventListener(type: string, run: Handler, options?: unknown): void {
    this.heard.push({ type, run, capture: options === true });
  }
  tell(type: string, capture: boolean, event: object): void {
    for (const one of this.heard)
      if (one.type === type && one.capture === capture && !(event as { stopped?: boolean }).stopped) one.run(event);
  }
}
class PlayedElement extends Target {
  namespaceURI = HTML;
  localName: string;
  parentElement: PlayedElement | null = null;
  parentNode = null;
  assignedSlot = null;
  attributes: Record<string, string>;
  constructor(localName: string, attributes: Record<string, string> = {}) {
    super();
    this.localName = localName;
    this.attributes = attributes;
  }
  readonly ownerDocument = { defaultView: { InputEvent: Event } };
  dispatchEvent({ type }: Event): void {
    this.tell(type, false, { type });
  }
  get baseURI(): string {
    return `${ORIGIN}/sign-in`;
  }
  getAttribute(name: string): string | null {
    return this.attributes[name] ?? null;
  }
  getRootNode(): object {
    return { defaultView: page };
  }
}
class Field extends PlayedElement {
  value = '';
  name: string;
  form: PlayedForm | null;
  constructor(name: string, form: PlayedForm | null, value = '') {
    super('input');
    this.name = name;
    this.value = value;
    this.form = form;
    form?.fields.push(this);
  }
}
class PlayedForm extends PlayedElement {
  readonly fields: Field[] = [];
  constructor(attributes: Record<string, string>) {
    super('form', { ...attributes });
  }
  get elements(): Field[] {
    return this.fields;
  }
}

let page: Target & { origin: string; navigation: Target };
beforeAll(() => {
  vi.stubGlobal('Node', PlayedElement);
  for (const name of ['Element', 'HTMLElement']) vi.stubGlobal(name, PlayedElement);
  vi.stubGlobal('HTMLFormElement', PlayedForm);
  vi.stubGlobal('EventTarget', Target);
  vi.stubGlobal('KeyboardEvent', Event);
});
beforeEach(() => {
  page = Object.assign(new Target(), { origin: ORIGIN, navigation: new Target() });
  vi.stubGlobal('window', page);
  vi.stubGlobal('location', { href: `${ORIGIN}/sign-in?tenant=acme` });
});
afterAll(() => vi.unstubAllGlobals());

const HOME = { method: 'post' };
const AWAY = { method: 'post', action: 'https://evil.example/' };
const IN_ADDRESS = { method: 'get' };
const SCRIPT = { action: 'javascript:send(form.password.value)' };

interface Manner {
  submitter?: PlayedElement;
  isTrusted?: boolean;
  /** What the page's own handler does. */
  page?: (event: { preventDefault(): void; stopImmediatePropagation(): void }, form: PlayedForm) => void;
  /** The page collects the values by itself, while its handler runs or at any other time. */
  collects?: boolean;
}
/** Sends a form as a browser does. @returns what leaves, or undefined for nothing */
function send(form: PlayedForm, { submitter, isTrusted = true, page: handler, collects }: Manner = {}) {
  const collect = (): Record<string, string> => {
    const formData = new FormData();
    for (const { name, value } of form.fields) formData.append(name, value);
    const event = { isTrusted, target: form, formData };
    page.tell('formdata', true, event);
    form.tell('formdata', false, event);
    page.tell('formdata', false, event);
    return Object.fromEntries(formData) as Record<string, string>;
  };
  if (collects) return collect();
  const event = {
    isTrusted,
    target: form,
    submitter: submitter ?? null,
    eventPhase: 1,
    currentTarget: form as object | null,
    defaultPrevented: false,
    stopped: false,
    preventDefault: () => {
      event.defaultPrevented = true;
    },
    stopImmediatePropagation: () => {
      event.stopped = true;
    },
  };
  page.tell('submit', true, event);
  if (!event.stopped) handler?.(event, form);
  event.eventPhase = 3;
  page.tell('submit', false, event);
  event.eventPhase = 0;
  event.currentTarget = null;
  return event.defaultPrevented ? undefined : collect();
}

/** A form with a name and a password, filled in under a guard. @param sendsTo the other origin that the phone was shown */
function filled(attributes: Record<string, string>, sendsTo?: string) {
  const guard = new Guard();
  const form = new PlayedForm(attributes);
  const [name, password] = [new Field('user', form), new Field('pass', form)];
  guard.begin(false, sendsTo);
  for (const [field, value, secret] of [
    [name, 'li', ''],
    [password, 'secret', 'secret'],
  ] as const) {
    guard.hold({ field, value, secret } as unknown as Value);
    field.value = value;
  }
  return { guard, form, name, password };
}

describe('a form that was filled in', () => {
  test('goes home with all that is in it', () => {
    const { guard, form } = filled(HOME);
    expect(send(form)).toEqual({ user: 'li', pass: 'secret' });
    expect(guard).toMatchObject({ sent: true, stopped: undefined });
  });

  test.each<[string, Record<string, string>, Manner, string | undefined]>([
    ['elsewhere', AWAY, {}, 'origin-mismatch'],
    [
      'elsewhere by its button',
      HOME,
      { submitter: new PlayedElement('button', { formaction: '//evil.example' }) },
      'origin-mismatch',
    ],
    [
      'elsewhere, changed at the last moment',
      HOME,
      { page: (_event, form) => void Object.assign(form.attributes, AWAY) },
      'origin-mismatch',
    ],
    ['into an address', IN_ADDRESS, {}, 'password-in-address'],
    [
      'into an address by its button',
      HOME,
      { submitter: new PlayedElement('button', { formmethod: 'get' }) },
      'password-in-address',
    ],
    ['to code that came with it', SCRIPT, {}, 'origin-mismatch'],
    ['elsewhere, though the page takes it over', AWAY, { page: (event) => event.preventDefault() }, 'origin-mismatch'],
  ])('never goes %s', (_name, attributes, manner, fault) => {
    const { guard, form, name, password } = filled(attributes);
    expect(send(form, manner)).toBeUndefined();
    expect(guard.stopped).toBe(fault);
    expect([name.value, password.value]).toEqual(['', '']);
    // A person may type there what they like.
    password.value = 'other';
    guard.begin();
    send(form, manner);
    expect(guard.stopped).toBeUndefined();
  });

  test.each<[string, Record<string, string>, object]>([
    ['elsewhere', AWAY, {}],
    ['into an address', IN_ADDRESS, { user: 'li' }],
    ['into an address, not said so', {}, { user: 'li' }],
    ['to code', SCRIPT, { user: 'li' }],
  ])('goes %s without what is guarded, where the page lets nobody hear of it', (_name, attributes, left) => {
    const { guard, form } = filled(HOME);
    const away = (event: { stopImmediatePropagation(): void }) => {
      event.stopImmediatePropagation();
      form.attributes = attributes;
    };
    expect(send(form, { page: away })).toEqual(left);
    expect(guard).toMatchObject({ sent: true, stopped: expect.any(String) });
  });

  test('is known to be sent by any of what is guarded in it, or by a copy of a secret', () => {
    for (const copied of [false, true]) {
      const { guard, name, password } = filled(HOME);
      const other = new PlayedForm(HOME);
      if (copied) new Field('copy', other, password.value);
      else {
        name.form = other;
        other.fields.push(name);
      }
      send(other);
      expect(guard).toMatchObject({ sent: true, stopped: undefined });
    }
  });

  test('is guarded across shadow trees, where no form has its fields', () => {
    const guard = new Guard();
    const form = new PlayedForm(AWAY);
    const host = new PlayedElement('x-login');
    host.parentElement = form;
    const inside = Object.assign(new Target(), { host });
    for (const [name, secret] of [
      ['user', ''],
      ['pass', 'secret'],
    ] as const) {
      const field = new Field(name, null, 'secret');
      Object.assign(field, { parentNode: inside, getRootNode: () => inside });
      guard.hold({ field, value: 'secret', secret } as unknown as Value);
      expect(inside.heard.length > 0, 'the tree is listened to').toBe(true);
      form.attributes = secret ? AWAY : HOME;
      const stopped = new Field('anything', form, 'x');
      send(form);
      expect(guard.stopped, name).toBe(secret ? 'origin-mismatch' : undefined);
      form.fields.splice(form.fields.indexOf(stopped), 1);
    }
  });

  test('is guarded across shadow trees only while the secret stands there', () => {
    const { guard, form, password } = filled(IN_ADDRESS);
    for (const field of form.fields.splice(0)) Object.assign(field, { form: null, parentElement: form });
    for (const field of [new Field('user', null, 'li'), password]) {
      field.parentElement = form;
      guard.hold({ field, value: field.value, secret: field === password ? 'secret' : '' } as unknown as Value);
    }
    password.value = '';
    expect(send(form)).toEqual({});
    expect(guard.stopped).toBeUndefined();
  });

  test('tells the page nothing of a field that was empty when it was stopped', () => {
    const { form, name } = filled(AWAY);
    name.value = '';
    const heard: string[] = [];
    name.addEventListener('input', () => heard.push('input'));
    expect(send(form)).toBeUndefined();
    expect(heard).toEqual([]);
  });

  test('with a choice in it is emptied of what was typed, and of no choice', () => {
    const { guard, form } = filled(AWAY);
    const ward = new Field('ward', form, 'W7');
    ward.localName = 'select';
    guard.hold({ field: ward, value: 'W7', secret: '' } as unknown as Value);
    send(form);
    expect(form.fields.map(({ value }) => value)).toEqual(['', '', 'W7']);
  });

  test('in a document that nobody sees is held all the same', () => {
    const { guard, form } = filled(HOME);
    const lost = new Field('lost', form);
    lost.getRootNode = () => ({ defaultView: null });
    guard.hold({ field: lost, value: 'x', secret: 'x' } as unknown as Value);
    lost.value = 'x';
    expect(send(new PlayedForm(HOME))).toEqual({});
  });

  test.each<[string, Record<string, string>]>([
    ['into an address', IN_ADDRESS],
    ['to code', SCRIPT],
  ])('is the page’s own that it sends by itself, though the form would go %s', (_name, attributes) => {
    const { guard, form, password } = filled(attributes);
    expect(send(form, { page: (event) => event.preventDefault() })).toBeUndefined();
    expect(guard.stopped).toBeUndefined();
    expect(password.value).toBe('secret');
  });

  test('is none of ours when the page makes the event up', () => {
    const { guard, form } = filled(AWAY);
    send(form, { isTrusted: false });
    expect(guard).toMatchObject({ sent: false, stopped: undefined });
  });
});

describe('values that the page collects by itself', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['of a form that goes home', HOME, true],
    ['of a form that names no method', {}, true],
    ['of a form that would go to code', { ...SCRIPT, method: 'post' }, true],
    ['of a form that would go into an address', IN_ADDRESS, false],
    ['of a form that would go elsewhere', AWAY, false],
  ])('%s', (_name, attributes, whole) => {
    const { guard, form } = filled(attributes);
    const collected = send(form, { collects: true });
    expect(collected?.pass).toBe(whole ? 'secret' : undefined);
    expect(guard.sent).toBe(false);
    expect(guard.stopped === undefined).toBe(whole);
  });

  test('while somebody types are sent only where a code may send itself, or where the form was about to be', () => {
    const { guard, form } = filled(HOME);
    for (const [sendsItself, isSent] of [
      [false, false],
      [true, true],
      [false, false],
    ]) {
      guard.begin(sendsItself);
      send(form, { collects: true });
      expect(guard.sent).toBe(isSent);
    }
    send(form, { page: (event) => event.preventDefault() });
    send(form, { collects: true });
    expect(guard.sent).toBe(true);
    // What was sent in a former fill is nothing of this one.
    guard.begin();
    send(form, { collects: true });
    expect(guard.sent).toBe(false);
  });

  test('and that the browser tells to be on their way are sent', () => {
    const { guard, form } = filled(HOME);
    send(form, { collects: true });
    expect(visit('', false, new FormData())).toBe(true);
    expect(guard.sent).toBe(false);
    expect(visit('', true)).toBe(true);
    expect(guard.sent).toBe(false);
    expect(visit('', true, new FormData())).toBe(true);
    expect(guard).toMatchObject({ sent: true, stopped: undefined });
  });

  test('while its own handler runs are collected, not sent', () => {
    const { guard, form } = filled({});
    let collected: object | undefined;
    const handler = (event: { preventDefault(): void }) => {
      collected = send(form, { collects: true });
      event.preventDefault();
    };
    send(form, { page: handler });
    expect(collected).toEqual({ user: 'li', pass: 'secret' });
    expect(guard.stopped).toBeUndefined();
  });

  test('of a form after another one was sent are collected, not sent', () => {
    const { guard, form } = filled({});
    send(new PlayedForm(HOME));
    expect(send(form, { collects: true })?.pass).toBe('secret');
    expect(guard.stopped).toBeUndefined();
  });

  test('of a form that was sent before and prevented are collected, not sent', () => {
    const { guard, form } = filled({});
    send(form, { page: (event) => event.preventDefault() });
    expect(send(form, { collects: true })?.pass).toBe('secret');
    expect(guard.stopped).toBeUndefined();
  });

  test('of a form without anything of ours are nothing to us', () => {
    const { guard } = filled(HOME);
    const other = new PlayedForm(AWAY);
    new Field('query', other, 'weather');
    expect(send(other, { collects: true })).toEqual({ query: 'weather' });
    expect(send(other)).toEqual({ query: 'weather' });
    expect(guard).toMatchObject({ sent: false, stopped: undefined });
  });
});

test.each<[string, Record<string, string>]>([
  ['elsewhere', AWAY],
  ['into an address', IN_ADDRESS],
])('a secret that the page has put into another form does not go %s either', (_name, attributes) => {
  const { guard, password } = filled(HOME);
  const other = new PlayedForm(attributes);
  const copy = new Field('copy', other, password.value);
  expect(send(other)).toBeUndefined();
  expect(guard.stopped).toBeDefined();
  expect(copy.value).toBe('secret');
});

test('a search is nobody’s business: with the name alone around it, or with nothing while a secret is empty', () => {
  const { guard, password } = filled(HOME);
  const search = new PlayedForm(IN_ADDRESS);
  const query = new Field('query', search);
  const name = new Field('name', null, 'li');
  name.parentElement = search;
  guard.hold({ field: name, value: 'li', secret: '' } as unknown as Value);
  query.value = 'weather';
  expect(send(search)).toEqual({ query: 'weather' });
  query.value = password.value = '';
  expect(send(search)).toEqual({ query: '' });
  expect(guard.stopped).toBeUndefined();
});

test('a form whose secret is empty sends what is left, also where the page lets nobody hear of it', () => {
  const { guard, form, password } = filled(IN_ADDRESS);
  password.value = '';
  expect(send(form, { page: (event) => event.stopImmediatePropagation() })).toEqual({ user: 'li', pass: '' });
  expect(guard.stopped).toBeUndefined();
});

test('a password that a person types over what was filled in goes nowhere either', () => {
  const { guard, password } = filled(HOME);
  password.value = 'typed';
  const other = new PlayedForm(AWAY);
  new Field('copy', other, 'typed');
  expect(send(other)).toBeUndefined();
  expect(guard.stopped).toBe('origin-mismatch');
});

describe('a password that was taken out', () => {
  /** A field of a framework, which keeps its text and draws it anew. @param hears whether it hears of every change */
  const drawn = (field: Field, hears: boolean) => {
    let text = field.value;
    if (hears) field.addEventListener('input', () => (text = field.value));
    return () => {
      field.value = text;
    };
  };

  test('is not put back by a page that keeps what its fields hold', () => {
    const { form, password } = filled(AWAY);
    const draw = drawn(password, true);
    const heard: string[] = [];
    for (const type of ['input', 'change']) password.addEventListener(type, () => heard.push(type));
    expect(send(form)).toBeUndefined();
    draw();
    expect(password.value).toBe('');
    expect(heard).toEqual(['input', 'change']);
  });

  test('goes nowhere either when the page has put it back', () => {
    const { guard, form, password } = filled(AWAY);
    const draw = drawn(password, false);
    for (let press = 0; press < 3; press++) {
      expect(send(form)).toBeUndefined();
      expect(guard.stopped).toBe('origin-mismatch');
      draw();
      guard.begin();
    }
    form.attributes = HOME;
    expect(send(form)).toMatchObject({ pass: 'secret' });
    expect(visit('?pass=secret')).toBe(false);
  });

  test('goes nowhere when the page sends it at the very moment at which it is taken out', () => {
    const { form, password } = filled(HOME);
    const sent: unknown[] = [];
    password.addEventListener('input', () => {
      password.value = 'secret';
      sent.push(send(form, { collects: true })?.pass);
    });
    form.attributes = AWAY;
    expect(send(form)).toBeUndefined();
    expect(sent).toEqual([undefined]);
  });
});

describe('what may be posted to one other address', () => {
  const SISTER = 'https://login.site.example';
  const THERE = { method: 'post', action: `${SISTER}/in` };
  const all = { user: 'li', pass: 'secret' };

  test.each<[string, Record<string, string>, Manner, object | undefined]>([
    ['arrives there', THERE, {}, all],
    [
      'arrives there when the page points there only now',
      HOME,
      { page: (_event, form) => Object.assign(form, { attributes: THERE }) },
      all,
    ],
    ['goes home all the same', HOME, {}, all],
    ['goes nowhere else', AWAY, {}, undefined],
    ['does not stand in its address', { ...THERE, method: 'get' }, {}, undefined],
    [
      'goes nowhere else by another button',
      THERE,
      { submitter: new PlayedElement('button', { formaction: AWAY.action }) },
      undefined,
    ],
    [
      'goes nowhere else when the page points there at last',
      THERE,
      { page: (_event, form) => Object.assign(form, { attributes: AWAY }) },
      undefined,
    ],
  ])('%s', (_what, attributes, manner, sent) => {
    const { guard, form } = filled(attributes, SISTER);
    expect(send(form, manner)).toEqual(sent);
    expect(guard.stopped).toBe(sent ? undefined : 'origin-mismatch');
  });

  test.each<[string, string | undefined, string | undefined]>([
    ['that was shown for the fill before', SISTER, undefined],
    ['that was not shown for the fill before', undefined, SISTER],
    ['that is another than that of the fill before', 'https://pay.site.example', SISTER],
  ])('is not sent to one %s', (_what, before, now) => {
    const { guard, form } = filled(THERE, before);
    guard.begin(false, now);
    const code = new Field('code', form);
    guard.hold({ field: code, value: '123456', secret: '123456' } as unknown as Value);
    code.value = '123456';
    expect(send(form)).toBeUndefined();
    expect(guard.stopped).toBe('origin-mismatch');
  });

  test('is sent there once what an older fill left was taken out', () => {
    const { guard, form, password } = filled(AWAY);
    expect(send(form)).toBeUndefined();
    guard.begin(false, SISTER);
    guard.hold({ field: password, value: 'secret', secret: 'secret' } as unknown as Value);
    password.value = 'secret';
    form.attributes = THERE;
    expect(send(form)).toMatchObject({ pass: 'secret' });
    expect(guard.stopped).toBeUndefined();
  });

  test('is sent there again by the same fill’s next step', () => {
    const { guard, form } = filled(THERE, SISTER);
    guard.begin(true, SISTER);
    expect(send(form)).toEqual(all);
  });
});

test('a secret that stands in no form is guarded in any', () => {
  const guard = new Guard();
  const alone = new Field('pass', null, 'secret');
  guard.hold({ field: alone, value: 'secret', secret: 'secret' } as unknown as Value);
  const form = new PlayedForm(AWAY);
  new Field('copy', form, 'secret');
  expect(send(form)).toBeUndefined();
  expect(guard.stopped).toBe('origin-mismatch');
});

test('a name in another form may stand in an address, and goes nowhere else', () => {
  const { guard, name } = filled(HOME);
  const search = new PlayedForm(IN_ADDRESS);
  search.fields.push(name);
  expect(send(search)).toEqual({ user: 'li' });
  expect(guard.stopped).toBeUndefined();
  const away = new PlayedForm(AWAY);
  away.fields.push(name);
  expect(send(away)).toBeUndefined();
  expect(guard.stopped).toBe('origin-mismatch');
});

/** Goes to an address as a browser does that tells of it. @param formData what is posted there @returns whether it gets there */
function visit(query: string, isTrusted = true, formData: FormData | null = null): boolean {
  let isPrevented = false;
  const preventDefault = () => {
    isPrevented = true;
  };
  const destination = { url: `${ORIGIN}/in${query}` };
  page.navigation.tell('navigate', false, { isTrusted, destination, formData, preventDefault });
  return !isPrevented;
}

test.each<[string, string, string, string, boolean]>([
  ['the name says, too', 'admin', 'admin', '?user=admin', true],
  ['the page’s own address says, too', 'li', 'acme', '?tenant=acme&in', true],
  ['only begins like the name', 'admin', 'admin1', '?user=admin1', false],
  ['only begins like what the address says', 'li', 'acme1', '?tenant=acme1', false],
])('an address may carry a word that %s', (_what, user, pass, query, gone) => {
  const { guard, form, name, password } = filled(HOME);
  for (const [field, value, secret] of [
    [name, user, ''],
    [password, pass, pass],
  ] as const) {
    guard.hold({ field, value, secret } as unknown as Value);
    field.value = value;
  }
  expect(visit(query)).toBe(gone);
  // The form itself says which of its values is the password.
  form.attributes = IN_ADDRESS;
  if (gone) expect(send(form)).toBeUndefined();
});

test.each([
  ['with the secret in it', '?pass=secret', true],
  ['without', '?user=li', false],
])('an address %s is not gone to', (_name, query, prevented) => {
  const { guard } = filled(HOME);
  expect(visit(query)).toBe(!prevented);
  expect(guard.stopped).toBe(prevented ? 'password-in-address' : undefined);
});

test('an address that the page makes up is none that anybody goes to', () => {
  const { guard } = filled(HOME);
  expect(visit('?pass=secret', false)).toBe(true);
  expect(guard.stopped).toBeUndefined();
});

describe('a code in six boxes', () => {
  const CODE = '314159';
  /** Filled in under a guard. */
  function boxed(attributes: Record<string, string> = HOME) {
    const guard = new Guard();
    const form = new PlayedForm(attributes);
    guard.begin();
    for (const [index, value] of [...CODE].entries()) {
      const field = new Field(`d${index}`, form);
      guard.hold({ field, value, secret: CODE } as unknown as Value);
      field.value = value;
    }
    return { guard, form };
  }
  const digits = Object.fromEntries([...CODE].map((digit, index) => [`d${index}`, digit]));

  test.each<[string, (form: PlayedForm) => void]>([
    ['while they stand there', () => {}],
    [
      'once the page has taken them out',
      (form) => {
        for (const field of form.fields.splice(0)) field.form = null;
      },
    ],
  ])('leaves the page its own digits, %s', (_when, then) => {
    const { guard, form } = boxed();
    expect(send(form)).toEqual(digits);
    then(form);
    expect(visit('?page=1')).toBe(true);
    const search = new PlayedForm(IN_ADDRESS);
    new Field('page', search, '1');
    expect(send(search)).toEqual({ page: '1' });
    expect(send(search, { collects: true })).toEqual({ page: '1' });
    expect(guard.stopped).toBeUndefined();
  });

  test.each<[string, (form: PlayedForm) => unknown]>([
    ['by its form', (form) => send(form)],
    ['by its form, which lets nobody hear of it', (form) => send(form, { collects: true })],
    ['box by box', () => visit(`?${new URLSearchParams(digits)}`) || undefined],
    ['put together', () => visit(`?code=${CODE}`) || undefined],
    [
      'put together in another form',
      () => {
        const other = new PlayedForm(IN_ADDRESS);
        new Field('code', other, CODE);
        return send(other);
      },
    ],
  ])('is written into no address, %s', (_how, sent) => {
    const { guard, form } = boxed(IN_ADDRESS);
    expect(sent(form) ?? {}).toEqual({});
    expect(guard.stopped).toBe('password-in-address');
    expect(Object.values(form.fields).map(({ value }) => value)).toEqual(Array(6).fill(''));
  });

  test('is written into no address box by box either where a name and a password stand beside it', () => {
    const { guard } = boxed();
    for (const [name, secret] of [
      ['user', ''],
      ['pass', 'secret'],
    ] as const)
      guard.hold({ field: new Field(name, null, 'secret'), value: 'secret', secret } as unknown as Value);
    expect(visit(`?${new URLSearchParams(digits)}`)).toBe(false);
    expect(guard.stopped).toBe('password-in-address');
  });
});

test('each document is listened to once, however many fields are held', () => {
  filled(HOME);
  expect(page.heard.filter(({ type }) => type === 'submit')).toHaveLength(2);
});
