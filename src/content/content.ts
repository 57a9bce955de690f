// The content script: injected by the person's click into one document. It listens to nothing and draws nothing; the
// background calls what it leaves in the extension's own world.
import type { ContentApi, Look } from '../extension/page-api.ts';
import { change, fill } from './fill.ts';
import { findAlert, findObstacle } from './outcome.ts';
import { isDrawn } from './recognise/dom.ts';
import { findFresh, isChange, nameIn, rulesOf } from './recognise/new-password.ts';
import { recognise } from './recognise/recognise.ts';
import { watchTyping } from './typed-login.ts';

declare global {
  var scankey: ContentApi | undefined;
}

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

if (!globalThis.scankey) {
  // Names this very document: a page that replaced it has no such name.
  // (Not randomUUID, which pages without encryption do not have.)
  const mark = crypto.getRandomValues(new Uint32Array(4)).join('-');
  globalThis.scankey = {
    look(): Look {
      const trees: (Document | ShadowRoot)[] = [];
      const forms = recognise(document, trees);
      const [first] = forms;
      const fresh = findFresh(forms);
      const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
      return {
        mark,
        origin: window.origin,
        title: document.title.slice(0, 120),
        step: first?.step ?? '',
        otp: (first?.step && first.code.length > 0) || false,
        extra: first?.step !== undefined && first.tenant !== undefined,
        sets: fresh ? (isChange(fresh) ? 'changed' : 'new') : '',
        rules: fresh ? rulesOf(fresh) : '',
        name: fresh ? (nameIn(fresh)?.value.slice(0, 256) ?? '') : '',
        signIn: document.querySelector<HTMLElement>('form#scankey-identity')?.dataset.signIn?.slice(0, 64) ?? '',
        typed: Boolean(first?.password?.value),
        sentCode: forms.some((form) => form.kind === 'code' && form.codeIsSent),
        obstacle: findObstacle(),
        alert: findAlert(trees),
        frames: frames(),
        status: navigation?.responseStatus ?? 0,
        loaded: document.readyState === 'complete',
      };
    },
    fill: (order) => fill(order, mark),
    change,
    watch: (tell) => watchTyping(mark, tell),
  };
}
