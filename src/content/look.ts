// How the page looks at one moment to somebody who wants to sign in.
import type { Fault, Look } from '../extension/page-api.ts';
import { findAlert, findObstacle } from './outcome.ts';
import { findNewPasswordForm, isChange, nameIn, rulesOf } from './recognise/new-password.ts';
import { recognise } from './recognise/recognise.ts';
import { isDrawn } from './recognise/visible.ts';

/** Origins of the frames of other sites that take up a part of the page. */
const frames = (): string[] => {
  const shown = [...document.querySelectorAll('iframe, frame')].filter((frame): frame is HTMLIFrameElement => {
    const box = frame.getBoundingClientRect();
    return isDrawn(frame) && box.width >= 150 && box.height >= 80;
  });
  const origins = shown.flatMap(({ src, sandbox }) => {
    const own = URL.canParse(src) ? new URL(src) : undefined;
    const opaque = sandbox?.length > 0 && !sandbox.contains('allow-same-origin');
    return own && /^https?:$/.test(own.protocol) && own.origin !== window.origin && !opaque ? [own.origin] : [];
  });
  return [...new Set(origins)].slice(0, 4);
};

/** Looks, and leaves nothing that the page could notice. @param mark names this document @param stopped why it was kept from sending */
export function look(mark: string, stopped: Fault | undefined): Look {
  const trees: (Document | ShadowRoot)[] = [];
  const forms = recognise(document, trees);
  const [first] = forms;
  const setting = findNewPasswordForm(forms);
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return {
    mark,
    origin: window.origin,
    title: document.title.slice(0, 120),
    step: first?.step ?? '',
    otp: (first?.step && first.code.length > 0) || false,
    extra: first?.step !== undefined && first.tenant !== undefined,
    sets: setting ? (isChange(setting) ? 'changed' : 'new') : '',
    rules: setting ? rulesOf(setting) : '',
    name: setting ? (nameIn(setting)?.value.slice(0, 256) ?? '') : '',
    signIn: document.querySelector<HTMLElement>('form#scankey-identity')?.dataset.signIn?.slice(0, 64) ?? '',
    typed: Boolean(first?.password?.value),
    stopped: stopped ?? '',
    sentCode: forms.some((form) => form.kind === 'code' && form.codeIsSent),
    obstacle: findObstacle(),
    alert: findAlert(trees),
    frames: frames(),
    status: navigation?.responseStatus ?? 0,
    loaded: document.readyState === 'complete',
  };
}
