// The content script: injected by the person's click into one page, one frame. It listens to nothing and draws nothing;
// the background calls what it leaves in the extension's own world.
import type { ContentApi } from '../protocol/extension.ts';
import { signIn } from './fill.ts';
import { findAlert, findCodeField, findSignIn } from './recognise.ts';

declare global {
  var scankey: ContentApi | undefined;
}

if (!globalThis.scankey) {
  // Names this very document: a page that replaced it has no such name.
  // (Not randomUUID, which pages without encryption do not have.)
  const mark = crypto.getRandomValues(new Uint32Array(4)).join('-');
  globalThis.scankey = {
    look() {
      const form = findSignIn();
      return {
        mark,
        origin: window.origin,
        title: document.title.slice(0, 120),
        form: form !== undefined,
        typed: Boolean(form?.password.value),
        code: findCodeField(),
        alert: findAlert(),
        loaded: document.readyState === 'complete',
      };
    },
    signIn: (order) => signIn(order, mark),
  };
}
