// The phones that a browser remembers: which can be asked, how one's key steps on, and that one phone is remembered once.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addPhone, endPairing, reachablePhones, stepOn } from '../../src/background/paired-phones.ts';
import type { Pairing } from '../../src/background/pairing-store.ts';
import * as storage from '../../src/background/storage.ts';
import { toBase64 } from '../../src/protocol/encoding.ts';
import type { Message } from '../../src/protocol/messages.ts';
import { boxOf, keyAfter, type PairingKey, pairingIdOf, pairingKey, pskOf } from '../../src/protocol/pairing.ts';
import { fakeTabs, SITE } from '../fakes/tabs.ts';
import { endAll, letPass, NOW, pairingId, pairingOf, RELAY, surround } from './background-in-memory.ts';
import type { PlayedClock } from './played-relay.ts';

const ELSEWHERE = 'https://elsewhere.example';
const SID = 'S'.repeat(22);
const STEP = new Uint8Array(32).fill(3);
const hello: Message<'hello'> = { v: 1, t: 'hello', phone: 'New name', attempt: 1 };
/** What a key opens: keys themselves cannot be read. */
const opens = async (key: PairingKey) => toBase64(await pskOf(key));

let around: Awaited<ReturnType<typeof surround<PlayedClock>>>;
beforeEach(async () => {
  around = await surround();
  fakeTabs();
});
afterEach(endAll);

describe('the key of a phone that answers', () => {
  /** The phone has been asked by the sign-in `SID`. @returns its pairing before and after it has answered */
  async function answered(change: Partial<Pairing> = {}, said: Partial<Message<'hello'>> = {}, sid = SID) {
    const before = await pairingOf('one', { sid: SID, ...change });
    await around.pairings.add(before);
    letPass(around.clock, 1_000);
    const stepped = await stepOn(around, before.id, sid, STEP, { ...hello, ...said });
    const after = await around.pairings.find(before.id);
    if (!after) throw new Error('it is remembered');
    return { before, after, stepped };
  }

  test('steps on, and the one before is gone', async () => {
    const { before, after, stepped } = await answered();
    expect(stepped).toBe(true);
    expect(await opens(after.key)).toBe(await opens(await keyAfter(before.key, STEP)));
    expect(after).toMatchObject({ stepped: SID, usedAt: NOW + 1_000, name: 'New name' });
    expect(after).not.toHaveProperty('sid');
  });

  test('has stepped already when a worker died just then: the same answer is taken again, the key stays', async () => {
    const { before, after, stepped } = await answered({ stepped: SID });
    expect(stepped).toBe(true);
    expect(await opens(after.key)).toBe(await opens(before.key));
  });

  test.each<[string, Partial<Pairing>, string]>([
    ['another request has taken the place of', {}, 'L'.repeat(22)],
    ['was never out', { sid: 'L'.repeat(22) }, SID],
  ])('does not step on for a request that %s', async (_what, change, sid) => {
    const { before, after, stepped } = await answered(change, {}, sid);
    expect(stepped).toBe(false);
    expect({ ...after, key: await opens(after.key) }).toEqual({ ...before, key: await opens(before.key) });
  });

  test('does not step on once the phone is forgotten', async () => {
    expect(await stepOn(around, pairingId('one'), SID, STEP, hello)).toBe(false);
  });

  test('leaves the name that the person has given it here', async () => {
    const { after } = await answered({ name: 'My phone', renamed: true });
    expect(after.name).toBe('My phone');
  });

  test.each<[string, Partial<Pairing>, Partial<Message<'hello'>>, Partial<Pairing>]>([
    ['the first revision that it tells', {}, { vault: 'a', rev: 1 }, { vault: 'a', rev: 1 }],
    ['a newer one', { vault: 'a', rev: 7 }, { vault: 'a', rev: 8 }, { vault: 'a', rev: 8 }],
    [
      'not an older one: it may have been set back',
      { vault: 'a', rev: 7 },
      { vault: 'a', rev: 6 },
      { vault: 'a', rev: 7 },
    ],
    ['that of another vault, however young', { vault: 'a', rev: 7 }, { vault: 'b', rev: 1 }, { vault: 'b', rev: 1 }],
    ['nothing new where it tells nothing', { vault: 'a', rev: 7 }, {}, { vault: 'a', rev: 7 }],
    ['nothing new where it tells half', { vault: 'a', rev: 7 }, { vault: 'b' }, { vault: 'a', rev: 7 }],
    ['nothing new where it tells the other half', { vault: 'a', rev: 7 }, { rev: 9 }, { vault: 'a', rev: 7 }],
  ])('comes with what this browser has seen of its vault: %s', async (_what, change, said, seen) => {
    const { after } = await answered(change, said);
    expect({ vault: after.vault, rev: after.rev }).toEqual(seen);
  });
});

describe('a phone', () => {
  const first = new Uint8Array(32).fill(5);
  const names = async () => (await around.pairings.all()).map(({ name }) => name);

  test('is remembered under the companion in force, by the key that both have agreed on', async () => {
    await addPhone(around, first, 'Phone', 'installation');
    const [pairing] = await around.pairings.all();
    if (!pairing) throw new Error('it is remembered');
    const [id, box] = [toBase64(await pairingIdOf(first)), toBase64(await boxOf(first))];
    expect(pairing).toMatchObject({ id, box, name: 'Phone', origin: RELAY, relay: RELAY, addedAt: NOW, usedAt: NOW });
    expect(await opens(pairing.key)).toBe(await opens(await pairingKey(first)));
  });

  test('that is remembered anew takes the place of its older pairing, also for sites that sign in by themselves', async () => {
    for (const phone of ['one', 'two']) await around.pairings.add(await pairingOf(phone));
    await storage.writeAutomatic([
      { origin: SITE, pairing: pairingId('one') },
      { origin: ELSEWHERE, pairing: pairingId('two') },
    ]);
    await addPhone(around, first, 'Phone', 'installation of one');
    expect((await names()).sort()).toEqual(['Phone', 'Phone two']);
    expect(await storage.readAutomatic()).toEqual([
      { origin: SITE, pairing: toBase64(await pairingIdOf(first)) },
      { origin: ELSEWHERE, pairing: pairingId('two') },
    ]);
    // The phone hears that the older one is over.
    expect(around.connections).toHaveLength(1);
  });

  test('that does not say which it is takes no place', async () => {
    await around.pairings.add(await pairingOf('one', { phone: '' }));
    await addPhone(around, first, 'Phone', '');
    expect((await names()).sort()).toEqual(['Phone', 'Phone one']);
  });

  test('is asked through the companion in force or not at all', async () => {
    await around.pairings.add(await pairingOf('one'));
    await around.pairings.add(await pairingOf('two', { origin: ELSEWHERE }));
    expect((await reachablePhones(around.pairings)).map(({ name }) => name)).toEqual(['Phone one']);
  });

  test('that is forgotten asks nobody to connect twice', async () => {
    await around.pairings.add(await pairingOf('one'));
    await endPairing(around, pairingId('one'));
    await endPairing(around, pairingId('one'));
    expect(around.connections).toHaveLength(1);
    expect(await names()).toEqual([]);
  });
});
