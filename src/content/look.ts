// How the page looks at one moment to somebody who wants to sign in.
import type { Fault, Glance } from '../extension/page-api.ts';
import { findAlert, findObstacle, textOfPage } from './outcome.ts';
import type { Form } from './recognise/form.ts';
import { findNewPasswordForm, isChange, nameIn, rulesOf } from './recognise/new-password.ts';
import { recognise } from './recognise/recognise.ts';
import { targetOf } from './recognise/target.ts';
import { attributes, labelOf, textOf } from './recognise/texts.ts';
import { matches, parentOf, rectOf } from './recognise/tree.ts';
import { isDrawn } from './recognise/visible.ts';

/** Origins of the frames of other sites that take up a part of the page. */
const frames = (): string[] => {
  const shown = [...document.querySelectorAll('iframe, frame')].filter((frame): frame is HTMLIFrameElement => {
    const box = rectOf(frame);
    return isDrawn(frame) && box.width >= 150 && box.height >= 80;
  });
  const origins = shown.flatMap(({ src, sandbox }) => {
    const own = URL.canParse(src) ? new URL(src) : undefined;
    const opaque = sandbox?.length > 0 && !sandbox.contains('allow-same-origin');
    return own && /^https?:$/.test(own.protocol) && own.origin !== window.origin && !opaque ? [own.origin] : [];
  });
  return [...new Set(origins)].slice(0, 4);
};

/** What is said of the fields of a form that nobody has put anything into, and that are for nothing that a credential has. */
const unfilled = ({ fields, name, password, code, tenant }: Form): string =>
  fields
    .map(({ element }) => element)
    .filter((one) => !one.value && one !== name && one !== password && one !== tenant && !code.includes(one))
    .map((one) => `${labelOf(one)} ${textOf(parentOf(one), 30)} ${attributes(one, 'name', 'id')}`)
    .join(' ')
    .slice(0, 160);

/** What the background reads from the first form of a page, most of it only if a sign-in would take that up. @param others all that are on the page */
const formOf = (first: Form | undefined, others: readonly Form[], form = first?.step ? first : undefined) => ({
  step: form?.step ?? ('' as const),
  otp: Boolean(form?.code.length),
  extra: Boolean(form?.tenant),
  typed: Boolean((first?.password ?? first?.code[0] ?? first?.name)?.value),
  fields: form
    ? form.fields
        .map(({ element: { name, type } }) => `${name} ${type}`)
        .join()
        .slice(0, 500)
    : '',
  unfinished: first !== undefined && matches(first.box, 'form:invalid:not([novalidate])'),
  unfilled: form ? unfilled(form) : '',
  asksCode: others.some((other) => other !== first && other.step === 'code'),
});

/**
 * Looks, and leaves nothing that the page could notice.
 * @param mark names this document
 * @param guard whether the browser has begun to send what was filled in, or why it was kept from that; what its scripts were answered
 */
export function look(
  mark: string,
  guard: { sent: boolean; stopped: Fault | undefined; traffic: { status: number } },
): Glance {
  const trees: (Document | ShadowRoot)[] = [];
  const forms = recognise(document, trees);
  const [first] = forms;
  const setting = findNewPasswordForm(forms);
  const asks = setting ?? first;
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return {
    mark,
    origin: window.origin,
    title: document.title.slice(0, 120),
    ...formOf(first, forms),
    sendsTo: asks && targetOf(asks),
    sets: setting ? (isChange(setting) ? 'changed' : 'new') : '',
    rules: setting ? rulesOf(setting) : '',
    name: setting ? (nameIn(setting)?.value.slice(0, 256) ?? '') : '',
    signIn: document.querySelector<HTMLElement>('form#scankey-identity')?.dataset.signIn?.slice(0, 64) ?? '',
    stopped: guard.stopped ?? '',
    sent: guard.sent || guard.traffic.status > 0,
    answer: guard.traffic.status,
    sentCode: forms.some((form) => form.kind === 'code' && form.codeIsSent),
    obstacle: findObstacle(),
    alert: findAlert(trees),
    text: textOfPage(trees),
    frames: frames(),
    status: navigation?.responseStatus ?? 0,
    loaded: document.readyState === 'complete',
  };
}
