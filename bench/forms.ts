// `npm run forms -- DIR [--json] [--explain FILE]`: runs recognition, in real Chromium, over a folder of labelled pages and
// counts what a sign-in with a name, a password and a one-time code at hand would have put where.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import puppeteer from 'puppeteer';
import * as v from 'valibot';
import { optionsOf } from '../scripts/options.ts';
import type { recognise as Recognise } from '../src/content/recognise/recognise.ts';
import { CHROMIUM_ARGS } from '../tests/e2e/chromium.ts';
import { bundle } from './in-page.ts';

declare global {
  var engine: { recognise: typeof Recognise };
}

const Index = v.object({
  pages: v.array(
    v.object({
      file: v.string(),
      kind: v.string(),
      fields: v.record(v.string(), v.string()),
      submit: v.array(v.number()),
    }),
  ),
});

type Slot = 'username' | 'currentPassword' | 'newPassword' | 'oneTimeCode';
/** What one page came to: slot by field number, the number pressed, and the engine's reasons. */
interface Found {
  filled: Record<string, Slot>;
  pressed: string | undefined;
  offered: boolean;
  why: string[];
}

const NAMES = /^(username|emailAddress|username OR emailAddress)$/;

/** Which slot is right for a label on a page of `kind`; undefined where nothing belongs. */
function rightSlot(kind: string, label: string, phoneAlone: boolean): Slot | undefined {
  if (label === 'totp') return 'oneTimeCode';
  if (label === 'password.new') return 'newPassword';
  if (kind === 'login') {
    if (NAMES.test(label) || (label === 'phone' && phoneAlone)) return 'username';
    if (label === 'password' || label === 'password.current') return 'currentPassword';
  }
  if (kind === 'change-password' && (label === 'password' || label === 'password.current')) return 'currentPassword';
  if (kind === 'signup' && label === 'password') return 'newPassword';
  return undefined;
}

/** Runs in the page: takes the labels away, recognises, and says where values would go. */
function examine(explain: boolean): Found {
  const numbers = new Map<Element, string>();
  for (const element of document.querySelectorAll('[data-field]')) {
    numbers.set(element, element.getAttribute('data-field') ?? '');
    element.removeAttribute('data-field');
  }
  const forms = globalThis.engine.recognise(document);
  const filled: Found['filled'] = {};
  let unlabelled = 0;
  const put = (element: Element | undefined, slot: Slot) => {
    if (element) filled[numbers.get(element) ?? `unlabelled-${element.getAttribute('name')}-${unlabelled++}`] = slot;
  };
  const [first] = forms;
  if (first?.step) {
    put(first.name, 'username');
    put(first.password, 'currentPassword');
    for (const element of first.code.slice(0, 1)) put(element, 'oneTimeCode');
  }
  for (const form of forms) {
    if (form.kind === 'change-password') put(form.password, 'currentPassword');
    for (const element of form.newPasswords) put(element, 'newPassword');
  }
  const because = (reasons: readonly { weight: number; is: string; found: string; in: string }[]) =>
    reasons.map((r) => `    ${r.weight > 0 ? '+' : ''}${r.weight} ${r.is}: "${r.found}" in ${r.in}`);
  const name = (element: Element | undefined) =>
    element
      ? `${element.localName}#${element.id}[${element.getAttribute('name') ?? ''}] ${numbers.get(element) ?? ''} ${(element.textContent ?? '').trim().slice(0, 30)}`
      : '—';
  const pressed = ({ step, kind, sends, submit }: ReturnType<typeof Recognise>[number]) => {
    if (!step) return 'nothing: no sign-in would take it up';
    if (kind === 'confirm') return 'nothing: the password is only asked for once more';
    if (!sends) return 'nothing: no button says that it signs in or goes on, and Enter would press another';
    return submit ? name(submit) : 'Enter';
  };
  const why = explain
    ? forms.flatMap((form) => [
        `\n${form.kind}, step ${form.step ?? 'none'}, score ${form.score}: ${name(form.box)}`,
        ...because(form.reasons),
        `  name ${name(form.name)} · password ${name(form.password)} · pressed ${pressed(form)} · switched off ${form.remember.map(name).join(', ') || '—'}`,
        ...form.fields.flatMap((field) => [
          `  ${name(field.element)} taken for ${field.kind}`,
          ...because(field.reasons),
        ]),
        ...form.buttons.flatMap((button) => [
          `  button ${name(button.element)} “${button.says}”: go ${button.go}, main ${button.main}`,
          ...because(button.reasons),
        ]),
      ])
    : [];
  const button = first?.step && first.sends && first.submit ? (numbers.get(first.submit) ?? 'unlabelled') : undefined;
  return { filled, pressed: button, offered: Boolean(first?.step), why };
}

const USAGE = 'npm run forms -- FOLDER [--json] [--explain FILE]';
const { values: options, positionals } = optionsOf(USAGE, {
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, explain: { type: 'string' } },
});
const [folder] = positionals;
if (!folder) {
  process.stderr.write(`usage: ${USAGE}\n`);
  process.exit(2);
}
const { pages } = v.parse(Index, JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')));
const chosen = options.explain ? pages.filter(({ file }) => file.endsWith(options.explain ?? '')) : pages;

// Served under a number: the engine reads the address as it would on the web, and the file's name would tell it too much.
const server = createServer((request, response) => {
  const page = pages[Number(/^\/page\/(\d+)$/.exec(request.url ?? '')?.[1] ?? -1)];
  response.writeHead(page ? 200 : 404, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  });
  response.end(page ? readFileSync(join(folder, page.file)) : '');
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const { port } = server.address() as AddressInfo;
const script = await bundle('recognise/recognise.ts', 'engine');
const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', pipe: true, args: CHROMIUM_ARGS });
const tab = await browser.newPage();
await tab.setViewport({ width: 1280, height: 900 });

const total = () => ({ total: 0, right: 0 });
const slots: Record<Slot, { total: number; right: number }> = {
  username: total(),
  currentPassword: total(),
  newPassword: total(),
  oneTimeCode: total(),
};
const loginPages = { total: 0, recognised: 0 };
const submit = total();
/** Buttons on pages where nothing signs in. */
const pressedElsewhere: { file: string; button: string }[] = [];
const falsePositives: { file: string; field: string; label: string; got: Slot }[] = [];
const misses: { file: string; slot: string }[] = [];
const families = new Map<string, { pages: number; clean: number }>();

for (const { file, kind, fields, submit: buttons } of chosen) {
  await tab.goto(`http://127.0.0.1:${port}/page/${pages.findIndex((page) => page.file === file)}`);
  await tab.evaluate(script);
  const { filled, pressed, offered, why } = await tab.evaluate(examine, Boolean(options.explain));
  const before = misses.length + falsePositives.length + pressedElsewhere.length;
  const labels = Object.entries(fields);
  const phoneAlone = !labels.some(([, label]) => NAMES.test(label));
  const wanted = labels.flatMap(([field, label]) => {
    const slot = rightSlot(kind, label, phoneAlone);
    return slot ? [{ field, slot }] : [];
  });
  if (kind === 'login' && wanted.some(({ slot }) => slot === 'username' || slot === 'currentPassword')) {
    loginPages.total++;
    if (offered) loginPages.recognised++;
    else misses.push({ file, slot: 'sign-in' });
  }
  for (const { field, slot } of wanted) {
    slots[slot].total++;
    // Of two equivalent forms on one page, filling either is right.
    const right =
      filled[field] === slot ||
      (kind === 'login' &&
        wanted.some((other) => other.slot === slot && other.field !== field && filled[other.field] === slot));
    if (right) slots[slot].right++;
    else misses.push({ file, slot: `${slot} (${field})` });
  }
  for (const [field, got] of Object.entries(filled)) {
    const label = fields[field] ?? 'not labelled';
    if (rightSlot(kind, label, phoneAlone) !== got) falsePositives.push({ file, field, label, got });
  }
  const signsIn = kind === 'login' || kind === 'otp';
  if (pressed !== undefined && (!signsIn || (kind === 'otp' && buttons.length === 0)))
    pressedElsewhere.push({ file, button: pressed });
  if (signsIn && buttons.length > 0 && offered) {
    submit.total++;
    if (buttons.map(String).includes(pressed ?? '')) submit.right++;
    else misses.push({ file, slot: `submit (${pressed ?? 'none'})` });
  }
  const family = families.get(kind) ?? { pages: 0, clean: 0 };
  families.set(kind, {
    pages: family.pages + 1,
    clean: family.clean + (misses.length + falsePositives.length + pressedElsewhere.length === before ? 1 : 0),
  });
  if (options.explain) process.stdout.write(`${file} (${kind})\n${why.join('\n')}\n`);
}
await browser.close();
server.close();

const passwordsElsewhere = falsePositives.filter(({ got }) => got === 'currentPassword');
const say = options.json ? process.stderr : process.stdout;
const share = ({ total, right }: { total: number; right: number }) =>
  `${right} of ${total}${total ? ` (${((100 * right) / total).toFixed(1)} %)` : ''}`;
for (const { file, slot } of misses) say.write(`missed  ${file}: ${slot}\n`);
for (const { file, field, label, got } of falsePositives)
  say.write(`wrong   ${file}: field ${field} (${label}) got ${got}\n`);
for (const { file, button } of pressedElsewhere) say.write(`pressed ${file}: ${button}\n`);
say.write(`\nsign-in pages recognised  ${share({ total: loginPages.total, right: loginPages.recognised })}\n`);
for (const [slot, count] of Object.entries(slots)) say.write(`${slot.padEnd(24)}  ${share(count)}\n`);
say.write(`button pressed            ${share(submit)}\n`);
say.write(`filled where none belongs ${falsePositives.length}, passwords in force ${passwordsElsewhere.length}\n`);
say.write(`pressed where none belongs ${pressedElsewhere.length}\n\n`);
for (const [family, { pages: all, clean }] of [...families].sort(([, a], [, b]) => b.pages - a.pages))
  say.write(`${family.padEnd(24)}  ${clean} of ${all} pages without a miss or a wrong value\n`);
if (options.json)
  process.stdout.write(`${JSON.stringify({ loginPages, slots, submit, falsePositives, pressedElsewhere, misses })}\n`);
