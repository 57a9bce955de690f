// The content script: injected by the person's click into one document. It draws nothing; the background calls what it leaves
// in the extension's own world.
import type { ContentApi } from '../extension/page-api.ts';
import { fill } from './fill/fill.ts';
import { Guard } from './fill/guard.ts';
import { look } from './look.ts';
import { watchTyping } from './typed-login.ts';
import { change } from './wait.ts';

declare global {
  var scankey: ContentApi | undefined;
}

if (!globalThis.scankey) {
  // Names this very document: a page that replaced it has no such name.
  // (Not randomUUID, which pages without encryption do not have.)
  const mark = crypto.getRandomValues(new Uint32Array(4)).join('-');
  const guard = new Guard();
  let isWatching = false;
  // One fill at a time: a new one ends the former. A document that is frozen and shown again ("back") does not go on with what it began.
  let turn = new AbortController();
  addEventListener('pagehide', () => turn.abort());
  globalThis.scankey = {
    look: () => look(mark, guard),
    fill(order) {
      turn.abort();
      turn = new AbortController();
      return fill(order, mark, guard, turn.signal);
    },
    change,
    watch(tell) {
      if (isWatching) return;
      isWatching = true;
      watchTyping(mark, (typed) => {
        // What was kept from being sent before says nothing of a login that the person types and sends now.
        guard.stopped = undefined;
        guard.traffic.begin();
        tell(typed);
      });
    },
  };
}
