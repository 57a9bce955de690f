// Recognition: from a document to a plan. Looks, decides, changes nothing.

/** Where a name and a password would go, and what would send them. */
export interface SignInForm {
  username: HTMLInputElement | undefined;
  password: HTMLInputElement;
  submit: HTMLElement | undefined;
}

/** Every element under `root`, open shadow trees included, in document order. */
function* elements(root: Document | ShadowRoot): Generator<Element> {
  for (const element of root.querySelectorAll('*')) {
    yield element;
    if (element.shadowRoot) yield* elements(element.shadowRoot);
  }
}

const isInput = (element: Element): element is HTMLInputElement => element instanceof HTMLInputElement;
const parentOf = (node: Node): Node | null =>
  node instanceof Element && node.assignedSlot
    ? node.assignedSlot
    : (node.parentNode ?? (node instanceof ShadowRoot ? node.host : null));

/** How much light passes: the product of the opacities of an element and all around it. */
function opacity(element: Element): number {
  let product = 1;
  for (let node: Node | null = element; node; node = parentOf(node))
    if (node instanceof Element) product *= Number(getComputedStyle(node).opacity);
  return product;
}

/**
 * Whether a person at the screen can see and use `element`: drawn, large enough, opaque, and on top at one of five points.
 * What lies outside the viewport is scrolled into it first by the caller.
 */
export function isVisible(element: HTMLElement): boolean {
  if (!element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) return false;
  if (element.closest('[inert]') || opacity(element) < 0.2) return false;
  const box = element.getBoundingClientRect();
  return box.width >= 10 && box.height >= 8;
}

/** Whether `element` is the topmost thing at one of five points of its box, within the viewport. */
export function isOnTop(element: HTMLElement): boolean {
  const box = element.getBoundingClientRect();
  const root = element.getRootNode() as Document | ShadowRoot;
  const points = [
    [0.5, 0.5],
    [0.1, 0.5],
    [0.9, 0.5],
    [0.5, 0.2],
    [0.5, 0.8],
  ] as const;
  return points.some(([x, y]) => {
    const hit = root.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    if (!hit) return false;
    // A label that floats over its own field does not hide it.
    return hit === element || element.contains(hit) || (hit instanceof HTMLLabelElement && hit.control === element);
  });
}

const NAME_TYPES = new Set(['text', 'email', 'tel', '']);
const WORDS = {
  name: /user|login|email|e-mail|mail|account|ident|phone|nick|uid|\blog\b|账号|帐号|用户|邮箱|手机|アカウント|ユーザ|아이디|benutzer|anmelde|utilisateur|identifiant|usuario|correo|логин|пользов/i,
  notName: /search|captcha|otp|totp|code|token|coupon|newsletter|验证码|suche|query/i,
  signIn:
    /log\s?-?in|sign\s?-?in|log\s?on|sign\s?on|enter|continue|submit|登录|登入|登陆|ログイン|로그인|anmelden|einloggen|connexion|connecter|iniciar|acceder|entrar|accedi|войти|вход|zaloguj|inloggen|giriş|دخول/i,
  signInOnly:
    /log\s?-?[io]n|sign\s?-?[io]n|登录|登入|登陆|ログイン|로그인|anmelden|einloggen|connexion|connecter|iniciar|acceder|entrar|accedi|войти|вход|zaloguj|inloggen|giriş|دخول/i,
  notSignIn:
    /sign\s?-?up|register|create|forgot|reset|cancel|close|google|facebook|apple|github|microsoft|show|hide|reveal|注册|忘记|取消|registrieren|vergessen|inscrire|oublié/i,
  fresh: /new|confirm|repeat|again|retype|verify|signup|register|新密码|确认/i,
} as const;

/** Everything that a field says about itself. */
const wordsOf = (element: Element): string =>
  [
    ...['name', 'id', 'placeholder', 'aria-label', 'title', 'autocomplete', 'data-name'].map((name) =>
      element.getAttribute(name),
    ),
    ...(isInput(element) ? [...(element.labels ?? [])].map((label) => label.textContent) : []),
  ].join(' ');

const labelOf = (element: Element): string =>
  [element.textContent, element.getAttribute('value'), element.getAttribute('aria-label'), element.id]
    .join(' ')
    .slice(0, 200);

const usable = (input: HTMLInputElement): boolean => !input.disabled && isVisible(input);

function usernameScore(input: HTMLInputElement, distance: number): number {
  const tokens = (input.getAttribute('autocomplete') ?? '').split(/\s+/);
  const words = wordsOf(input);
  if (WORDS.notName.test(words)) return -1;
  let score = 10 - Math.min(distance, 9);
  if (tokens.includes('username')) score += 20;
  if (tokens.includes('email') || input.type === 'email') score += 8;
  if (WORDS.name.test(words)) score += 8;
  return score;
}

function findSubmit(scope: readonly Element[], form: HTMLFormElement | null, after: number): HTMLElement | undefined {
  let best: { element: HTMLElement; score: number } | undefined;
  for (const [index, element] of scope.entries()) {
    if (!(element instanceof HTMLElement)) continue;
    const type = element.getAttribute('type')?.toLowerCase();
    const isButton = element instanceof HTMLButtonElement || element.getAttribute('role') === 'button';
    const isSubmitInput = isInput(element) && (type === 'submit' || type === 'image' || type === 'button');
    if (!(isButton || isSubmitInput) || type === 'reset' || !isVisible(element)) continue;
    const label = labelOf(element);
    if (WORDS.notSignIn.test(label)) continue;
    let score = WORDS.signIn.test(label) ? 10 : 0;
    if (type === 'submit' || type === 'image' || (element instanceof HTMLButtonElement && !type && form)) score += 6;
    if (form && (element as HTMLButtonElement).form === form) score += 6;
    if (index > after) score += 3;
    if (score >= 6 && (!best || score > best.score)) best = { element, score };
  }
  return best?.element;
}

/**
 * The form that signs in, if the page shows one: one visible current password, the name before it, the button after it.
 * Forms with two or more passwords set new ones and are left alone.
 */
export function findSignIn(): SignInForm | undefined {
  const all = [...elements(document)];
  const inputs = all.filter(isInput);
  const passwords = inputs.filter((input) => input.type === 'password' && usable(input));
  const candidates = passwords.flatMap((password) => {
    const { form } = password;
    const peers = passwords.filter((other) => other.form === form && (form || near(other, password)));
    const tokens = password.getAttribute('autocomplete') ?? '';
    if (peers.length > 1) return [];
    // Sites also write new-password to keep browsers from filling a sign-in form: then its button has to say what it is.
    if (tokens.includes('new-password') && !saysSignIn(password, all)) return [];
    let score = tokens.includes('current-password') ? 10 : 0;
    if (WORDS.fresh.test(wordsOf(password))) score -= 5;
    if (form && WORDS.signIn.test(`${form.id} ${form.name} ${form.getAttribute('action')} ${form.className}`))
      score += 3;
    return [{ password, score }];
  });
  const password = candidates.sort((a, b) => b.score - a.score)[0]?.password;
  if (!password) return undefined;
  const at = inputs.indexOf(password);
  const names = inputs
    .map((input, index) => ({ input, distance: index < at ? at - index : 5 + index - at }))
    .filter(
      ({ input }) =>
        NAME_TYPES.has(input.type) &&
        usable(input) &&
        (password.form ? input.form === password.form : !input.form || near(input, password)),
    )
    .map(({ input, distance }) => ({ input, score: usernameScore(input, distance) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  const scope = scopeOf(password, all);
  return { username: names[0]?.input, password, submit: findSubmit(scope, password.form, scope.indexOf(password)) };
}

/** What a password's form consists of. */
const scopeOf = (password: HTMLInputElement, all: readonly Element[]): readonly Element[] => {
  const { form } = password;
  if (!form) return around(password, all);
  return all.filter((element) => form.contains(element) || (element as HTMLButtonElement).form === form);
};

/** Whether the button that belongs to `password` signs in, in so many words. */
function saysSignIn(password: HTMLInputElement, all: readonly Element[]): boolean {
  const scope = scopeOf(password, all);
  const submit = findSubmit(scope, password.form, scope.indexOf(password));
  return submit !== undefined && WORDS.signInOnly.test(labelOf(submit));
}

/** The elements of the nearest ancestor that holds a button, for pages without a form element. */
function around(field: Element, all: readonly Element[]): readonly Element[] {
  const buttons = 'button, [role=button], input[type=submit], input[type=button]';
  let box: Element | null = field.parentElement;
  while (box && !box.querySelector(buttons)) box = box.parentElement;
  return box ? all.filter((element) => box.contains(element)) : all;
}

/** Whether two fields stand in the same small part of the page. */
function near(a: Element, b: Element): boolean {
  let box: Element | null = b;
  for (let level = 0; level < 6 && box; level++, box = box.parentElement) if (box.contains(a)) return true;
  return false;
}

/** A visible field that asks for a one-time code. */
export const findCodeField = (): boolean =>
  [...elements(document)].some(
    (element) =>
      isInput(element) && /one-time-code/.test(element.getAttribute('autocomplete') ?? '') && usable(element),
  );

const ALERTS =
  '[role=alert], [aria-live=assertive], .error, .alert, .alert-danger, .errorlist, .error-message, .message--error, #login_error, [class*="error" i], [id*="error" i]';

/** The page's own visible words about what went wrong, 120 characters at most; empty when it shows none. */
export function findAlert(): string {
  for (const element of document.querySelectorAll(ALERTS)) {
    if (!(element instanceof HTMLElement) || isInput(element) || !isVisible(element)) continue;
    const text = element.innerText.replace(/\s+/g, ' ').trim();
    if (text.length > 3) return text.slice(0, 120);
  }
  return '';
}
