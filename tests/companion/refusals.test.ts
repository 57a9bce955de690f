// A guess is refused after the same time and in the same words, whatever there was to be found: by a clock that is played.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { newShared } from '../../server/app.ts';
import { newPushKeys } from '../../server/push/push-keys.ts';
import { Pusher } from '../../server/push/pusher.ts';
import type { Line } from '../../server/relay/attendant.ts';
import { introduce } from '../../server/relay/introduce.ts';
import { openSqlite } from '../../server/store/sqlite.ts';
import type { Store } from '../../server/store/store.ts';
import { tokenHash } from '../../src/protocol/mailbox.ts';
import type { CloseReason, FirstFrame } from '../../src/protocol/relay.ts';
import { newSid, newToken, PK } from './party.ts';

let store: Store;
let services: ReturnType<typeof newShared>;
beforeEach(() => {
  vi.useFakeTimers();
  store = openSqlite(':memory:');
  services = newShared(store, new Pusher(newPushKeys(), { contact: 'https://scankey.example' }));
});
afterEach(() => {
  store.close();
  vi.useRealTimers();
});

const silent: Line = { send: () => {}, refuse: () => {}, hangUp: () => {}, enqueue: () => {} };
const source = { bucket: 'a', range: 'a', networks: [] };
const arrival = (role: 'b' | 'p') => ({ caller: { role, signsIn: false, source }, services, line: silent });

/** A session that was opened, joined if somebody has, and ended if it was. */
async function session(joined: boolean, ended?: CloseReason) {
  const [sid, b, p] = [newSid(), newToken(), newToken()];
  await introduce({ t: 'open', sid, pk: PK, tokenHash: await tokenHash(b) }, arrival('b'));
  if (joined) await introduce({ t: 'join', sid, tokenHash: await tokenHash(p) }, arrival('p'));
  if (ended) await services.relay.end({ sid, role: 'b' }, ended);
  return { sid, b, p };
}

/** How somebody is answered who says `frame`, and after how long by the clock, in ms. */
async function answered(frame: FirstFrame): Promise<[string, number]> {
  const from = Date.now();
  let after = Number.NaN;
  const answer = introduce(frame, arrival('role' in frame ? frame.role : 'p'))
    .then(
      () => 'taken',
      (error: object) => JSON.stringify(error),
    )
    .finally(() => {
      after = Date.now() - from;
    });
  for (let i = 0; i < 1_500; i++) await vi.advanceTimersByTimeAsync(10);
  return [await answer, after];
}

test('joining: a session that has ended, lapsed or never was', async () => {
  const stranger = await tokenHash(newToken());
  const join = (sid: string) => answered({ t: 'join', sid, tokenHash: stranger });
  const unknown = await join(newSid());
  const lapsed = await session(true);
  await vi.advanceTimersByTimeAsync(400_000);
  vi.setSystemTime(Date.now() + 400_000);
  expect(unknown[1]).toBe(10_000);
  expect(await join((await session(false, 'cancelled')).sid)).toEqual(unknown);
  expect(await join((await session(true, 'done')).sid)).toEqual(unknown);
  expect(await join(lapsed.sid)).toEqual(unknown);
});

test('resuming: a session that has ended, never was, or is another’s', async () => {
  const resume = (sid: string, role: 'b' | 'p') =>
    answered({ t: 'resume', sid, role, token: newToken(), lastSeen: -1 });
  const unknown = await resume(newSid(), 'p');
  expect(unknown[1]).toBeGreaterThan(0);
  for (const role of ['b', 'p'] as const) {
    expect(await resume((await session(true, 'done')).sid, role)).toEqual(unknown);
    expect(await resume((await session(true)).sid, role)).toEqual(unknown);
    expect(await resume((await session(false)).sid, role)).toEqual(unknown);
  }
});
