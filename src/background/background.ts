// The background worker: it may die after every line below, and begins again here. Listeners first, all in one turn, as
// the browser asks; what they do is in signins.ts.
import * as v from 'valibot';
import { Ask, type Reply } from '../protocol/extension.ts';
import * as signins from './signins.ts';

async function answer(ask: Ask): Promise<Reply> {
  await signins.ready;
  switch (ask.t) {
    case 'open':
      return signins.open(ask.tabId, false);
    case 'renew':
      return signins.open(ask.tabId, true);
    case 'cancel':
      return signins.cancel(ask.sid);
    case 'companion':
      return signins.useCompanion(ask.relay);
    case 'here':
      await signins.tick();
      return { ok: true };
  }
}

// Only our own pages are listened to: a page's content script, another extension or a web page is not one of them.
chrome.runtime.onMessage.addListener((message, sender, reply) => {
  const ours = sender.id === chrome.runtime.id && sender.url?.startsWith(chrome.runtime.getURL(''));
  const ask = v.safeParse(Ask, message);
  if (!ours || !ask.success) return false;
  answer(ask.output).then(reply, () => reply({ ok: false, code: 'unreachable' } satisfies Reply));
  return true;
});

chrome.tabs.onRemoved.addListener(async (tabId) => {
  await signins.ready;
  await signins.tabClosed(tabId);
});

chrome.permissions.onAdded.addListener(async () => {
  await signins.ready;
  await signins.permissionsAdded();
});

chrome.alarms.onAlarm.addListener(async () => {
  await signins.ready;
  await signins.tick();
});

// A code lies ready before anybody asks for one.
const prepare = () => void signins.prepare().catch(() => {});
chrome.runtime.onInstalled.addListener(prepare);
chrome.runtime.onStartup.addListener(prepare);
void signins.ready.then(prepare);
