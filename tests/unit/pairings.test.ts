// The records of the browsers that a phone remembers: what is written and when, and that a locked vault leaves none in memory.
import { expect, test } from 'vitest';
import { type PairingStore, pairingsOf } from '../../src/phone/pairing/pairings.ts';
import { sealComputers } from '../../src/phone/pairing/sealed-pairings.ts';
import { queue } from '../../src/phone/shell/in-turn.ts';
import { createVault } from '../../src/phone/vault/format.ts';
import { fromBase64, randomBytes, toBase64 } from '../../src/protocol/encoding.ts';
import { pairingKey, proofOf, pskOf } from '../../src/protocol/pairing.ts';
import { LIMITS } from '../../src/protocol/relay.ts';
import { browserEnd, newKeyPair, openingOfPairing } from '../../src/protocol/seal.ts';
import { phone, SECRET } from './phone-in-memory.ts';

const COMPANION = 'https://scankey.example';
const keys = await newKeyPair();

async function paired() {
  const { tab, disk: under } = phone();
  const { vault } = tab();
  await vault.begin(await createVault([SECRET]));
  const disk = {
    get records() {
      return under.records.links as Uint8Array<ArrayBuffer> | undefined;
    },
    set records(links) {
      under.records.links = links;
    },
    boxes: [] as readonly { box: string }[],
  };
  const clock = { now: 1_000_000 };
  const written: string[] = [];
  /** What is read from now on comes only then. */
  let held: Promise<void> | undefined;
  const readsOnlyAfter = (then?: Promise<void>) => {
    held = then;
  };
  const store: PairingStore = {
    async readPairings() {
      const { records } = disk;
      await held;
      return records;
    },
    async writePairings(sealed) {
      written.push('records');
      disk.records = sealed;
    },
    recordOfPairings: (links) => ({ links }),
    async writeBoxes(boxes) {
      written.push('boxes');
      disk.boxes = boxes;
    },
  };
  const pairings = pairingsOf({
    vault,
    store,
    inTurn: queue(),
    announce() {},
    now: () => clock.now,
    companion: COMPANION,
  });
  const first = randomBytes(32);
  const id = await pairings.add(first, 'Library', true);
  const only = () => {
    const [computer] = pairings.computers.value;
    if (!computer) throw new Error('no computer');
    return computer;
  };
  /** The browser asks under `raw`, the key that it has. */
  const asks = async (raw: Uint8Array<ArrayBuffer>) => {
    const sid = randomBytes(16);
    const claim = { pairingId: fromBase64(id), sid, time: clock.now, publicKey: keys.publicKey };
    const proof = toBase64(await proofOf(await pairingKey(raw), claim));
    return { box: only().box, sid: toBase64(sid), time: clock.now, proof };
  };
  return { vault, pairings, disk, clock, written, first, id, only, asks, readsOnlyAfter };
}

test('a locked vault leaves no pairing in memory, and none comes back that was being read', async () => {
  const { vault, pairings } = await paired();
  expect(pairings.computers.value).toHaveLength(1);
  const reading = pairings.load();
  const changing = pairings.rename(pairings.computers.value[0]?.id ?? '', 'Reading room');
  vault.lock();
  expect(pairings.computers.value).toEqual([]);
  await Promise.allSettled([reading, changing]);
  expect(pairings.computers.value).toEqual([]);
  await expect(pairings.add(randomBytes(32), 'Late', true)).rejects.toMatchObject({ code: 'cancelled' });
  await vault.unlock(SECRET);
  await pairings.load();
  expect(pairings.computers.value).toHaveLength(1);
});

test('records of a later version are told of, and nothing is written in their place', async () => {
  const { vault, pairings, disk, id } = await paired();
  const key = vault.current.value?.key;
  if (!key) throw new Error('locked');
  const newer = await sealComputers([{ v: 2, kept: 'elsewhere' } as never], key);
  const ours = disk.records;
  const shown = () => [pairings.isNewer.value, pairings.computers.value.length];
  disk.records = newer;
  await pairings.load();
  expect(shown()).toEqual([true, 0]);
  // That version has gone again.
  disk.records = ours;
  await pairings.load();
  expect(shown()).toEqual([false, 1]);
  // Found out by a change, since no other tab has told of it.
  disk.records = newer;
  await expect(pairings.rename(id, 'Other')).rejects.toMatchObject({ code: 'vault-newer' });
  expect(shown()).toEqual([true, 0]);
  const NEWER = { code: 'vault-newer' };
  await expect(pairings.add(randomBytes(32), 'Other', true)).rejects.toMatchObject(NEWER);
  await expect(pairings.rename(id, 'Other')).rejects.toMatchObject(NEWER);
  await expect(
    vault.rekey(({ document, header }) => createVault([SECRET], document, header.vault)),
  ).rejects.toMatchObject(NEWER);
  expect(disk.records).toBe(newer);
  vault.lock();
  expect(pairings.isNewer.value).toBe(false);
  // What another vault has left is nobody's.
  const other = await createVault([SECRET]);
  disk.records = await sealComputers([], other.key);
  await vault.unlock(SECRET);
  await pairings.load();
  expect([pairings.isNewer.value, pairings.computers.value]).toEqual([false, []]);
});

test('what is read late, under a key that was left, says nothing of what a later version has written since', async () => {
  const { vault, pairings, disk, readsOnlyAfter } = await paired();
  const seal = async () => {
    const key = vault.current.value?.key;
    if (!key) throw new Error('locked');
    return sealComputers([{ v: 2 } as never], key);
  };
  disk.records = await seal();
  const { promise, resolve } = Promise.withResolvers<void>();
  readsOnlyAfter(promise);
  const late = pairings.load();
  vault.lock();
  const other = await createVault([SECRET]);
  await vault.begin(other, { replaces: true });
  disk.records = await seal();
  readsOnlyAfter();
  await pairings.load();
  expect(pairings.isNewer.value).toBe(true);
  resolve();
  await late;
  expect(pairings.isNewer.value).toBe(true);
});

test('where to listen is written before the records, and a record is nowhere readable', async () => {
  const { disk, written, only } = await paired();
  expect(written).toEqual(['boxes', 'records']);
  expect(disk.boxes).toEqual([{ box: only().box, token: only().token }]);
  expect(Buffer.from(disk.records ?? []).toString('latin1')).not.toContain('Library');
});

test('a request is answered once, by the proof alone, and the answer is on the disk before it leaves', async () => {
  const { pairings, first, id, only, asks, written } = await paired();
  const request = await asks(first);
  written.length = 0;
  const answer = await pairings.answer(request, keys.publicKey);
  expect(written).toEqual(['boxes', 'records']);
  if (answer.act !== 'main') throw new Error(answer.act);
  const sid = fromBase64(request.sid);
  const psk = await pskOf(await pairingKey(first));
  const hello = await answer.end.seal(0, new Uint8Array(8));
  const opened = await browserEnd(keys, openingOfPairing(COMPANION, fromBase64(id), sid, psk), 0, hello);
  expect(opened.end.shared.pairing).toEqual(answer.end.shared.pairing);
  expect(await pairings.answer(request, keys.publicKey)).toEqual({ act: 'repeated' });
  expect(await pairings.takeRequest(id, request.sid)).toBe('go-on');
  expect(await pairings.takeRequest(id, request.sid)).toBe('repeated');
  expect(only().state.suspended).toBe(false);
});

test('a request without the key, of another box, or of nobody is not taken up', async () => {
  const { pairings, first, asks } = await paired();
  expect(await pairings.answer(await asks(randomBytes(32)), keys.publicKey)).toEqual({ act: 'stale' });
  const elsewhere = { ...(await asks(first)), box: toBase64(randomBytes(16)) };
  expect(await pairings.answer(elsewhere, keys.publicKey)).toEqual({ act: 'stale' });
  expect(await pairings.takeRequest('nobody', 'x')).toBe('unknown');
});

test('a copy that asks under a key that was left raises the alarm, and the pairing is suspended', async () => {
  const { pairings, first, id, asks, only } = await paired();
  const [honest, copy] = [await asks(first), await asks(first)];
  await pairings.answer(honest, keys.publicKey);
  await pairings.takeRequest(id, honest.sid);
  expect(await pairings.answer(copy, keys.publicKey)).toMatchObject({ act: 'probe' });
  expect(await pairings.takeRequest(id, copy.sid)).toBe('alarm');
  expect(only().state.suspended).toBe(true);
  expect(await pairings.answer(await asks(first), keys.publicKey)).toEqual({ act: 'suspended' });
});

test('one that the other side never confirmed is dropped, and it is shown only once it is confirmed', async () => {
  const { pairings, clock, disk } = await paired();
  const id = await pairings.add(randomBytes(32), 'Office', false);
  expect(pairings.computers.value.map(({ name }) => name)).toEqual(['Library']);
  await pairings.confirm(id);
  expect(pairings.computers.value.map(({ name }) => name)).toEqual(['Office', 'Library']);
  await pairings.add(randomBytes(32), 'Café', false);
  clock.now += 600_001;
  await pairings.rename(id, 'Desk');
  expect(disk.boxes).toHaveLength(2);
});

test('the one that was not used for longest makes room', async () => {
  const { pairings, clock, disk } = await paired();
  for (let n = 0; n < LIMITS.boxes; n++) {
    clock.now += 1000;
    await pairings.add(randomBytes(32), `${n}`, true);
  }
  expect(disk.boxes).toHaveLength(LIMITS.boxes);
  expect(pairings.computers.value.map(({ name }) => name)).not.toContain('Library');
});

test('they go on under a new data key of the vault, and what is changed meanwhile is not lost', async () => {
  const { vault, pairings, id } = await paired();
  const renewing = vault.rekey(async ({ document, header }) => {
    const made = await createVault([SECRET], document, header.vault);
    return { ...made, header: { ...made.header, rev: header.rev } };
  });
  const added = pairings.add(randomBytes(32), 'Office', true);
  await Promise.all([renewing, added, pairings.rename(id, 'Reading room')]);
  vault.lock();
  await vault.unlock(SECRET);
  await pairings.load();
  expect(pairings.computers.value.map(({ name }) => name)).toEqual(['Office', 'Reading room']);
});
