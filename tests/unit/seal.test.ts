import { Aes256Gcm, CipherSuite, HkdfSha256 } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import vectors from '../../docs/vectors.json' with { type: 'json' };
import { concat, randomBytes, str8, utf8 } from '../../src/protocol/encoding.ts';
import { type Kind, PLAINTEXT_BYTES, pack, unpack, WIRE_BYTES } from '../../src/protocol/messages.ts';
import { commitmentTo, newSecret, type QrLink, sessionId } from '../../src/protocol/qr-link.ts';
import {
  browserEnd,
  type KeyPair,
  newKeyPair,
  type Opening,
  openFrom,
  openingOf,
  openingOfPairing,
  phoneEnd,
  sealFrom,
} from '../../src/protocol/seal.ts';
import { bytes, hex } from './hex.ts';

const ORIGIN = 'https://scankey.example';
const HELLO = pack('hello', { v: 1, t: 'hello', phone: 'Li’s phone', attempt: 1 });

async function meet(origin = ORIGIN): Promise<{
  keys: KeyPair;
  code: QrLink;
  opening: Opening;
  phone: Awaited<ReturnType<typeof phoneEnd>>;
  hello: Uint8Array<ArrayBuffer>;
}> {
  const secret = newSecret();
  const keys = await newKeyPair();
  const code = { origin, secret, commitment: await commitmentTo(secret, keys.publicKey) };
  const opening = await openingOf(code);
  const phone = await phoneEnd(opening, keys.publicKey);
  return { keys, code, opening, phone, hello: await phone.seal(0, HELLO) };
}

describe('the published conversation', () => {
  const keys = { seed: bytes(vectors.code.seed), publicKey: bytes(vectors.code.publicKey) };
  const secret = bytes(vectors.code.secret);
  const wires = vectors.messages.map(({ wire }) => bytes(wire));
  const [hello, , answer] = wires;

  test('opens, message by message, to the published texts', async () => {
    if (!hello || !answer) throw new Error('vectors');
    const { end, first } = await browserEnd(keys, await openingOf({ origin: ORIGIN, secret }), 0, hello);
    expect(end.shared.digits).toBe(vectors.keys.digits);
    expect(hex(end.shared.response)).toBe(vectors.keys.response);
    const opened = [first, undefined, await end.open(1, answer), undefined];
    for (const [index, message] of vectors.messages.entries()) {
      const kind = message.kind as Kind;
      const wire = wires[index] ?? new Uint8Array();
      const plaintext = opened[index] ?? (await openFrom('b', end.shared, message.n, wire));
      expect(wire.length).toBe(WIRE_BYTES[kind]);
      expect(plaintext.length).toBe(PLAINTEXT_BYTES[kind]);
      expect(unpack(kind, plaintext)).toEqual(JSON.parse(message.json));
      if (message.nonce)
        expect(hex(await sealFrom('b', end.shared, message.n, plaintext, bytes(message.nonce)))).toBe(message.wire);
    }
  });
});

describe('a second implementation', () => {
  const other = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const infoOf = (sid: Uint8Array) => concat(utf8('scankey/1 hpke'), Uint8Array.of(1), str8(ORIGIN), sid);
  const aad = (n: number) => concat(utf8('scankey/1 msg'), Uint8Array.of(0, 0, 0, 0, n));
  const raw = (view: Uint8Array<ArrayBuffer>) => view.slice().buffer;

  test('opens what ours seals', async () => {
    const { keys, code, phone, hello } = await meet();
    const second = await phone.seal(1, HELLO);
    const sid = await sessionId(code.secret);
    const recipient = await other.createRecipientContext({
      recipientKey: await other.kem.deserializePrivateKey(raw(keys.seed)),
      enc: raw(hello.slice(0, 1120)),
      info: raw(infoOf(sid)),
      psk: { key: raw(code.secret), id: raw(sid) },
    });
    for (const [n, ct] of [hello.slice(1120), second].entries())
      expect(hex(new Uint8Array(await recipient.open(raw(ct), raw(aad(n)))))).toBe(hex(HELLO));
  });

  test('seals what ours opens, and exports the same digits', async () => {
    const { keys, code, opening } = await meet();
    const sid = await sessionId(code.secret);
    const sender = await other.createSenderContext({
      recipientPublicKey: await other.kem.deserializePublicKey(raw(keys.publicKey)),
      info: raw(infoOf(sid)),
      psk: { key: raw(code.secret), id: raw(sid) },
    });
    const ct = await sender.seal(raw(HELLO), raw(aad(0)));
    const wire = concat(new Uint8Array(sender.enc), new Uint8Array(ct));
    const { end, first } = await browserEnd(keys, opening, 0, wire);
    expect(hex(first)).toBe(hex(HELLO));
    const digest = await crypto.subtle.digest(
      'SHA-256',
      concat(utf8('scankey/1 th'), infoOf(sid), keys.publicKey, new Uint8Array(sender.enc)),
    );
    const sas = await sender.export(raw(concat(utf8('scankey/1 sas'), new Uint8Array(digest))), 8);
    const number = new DataView(sas).getBigUint64(0) % 1_000_000n;
    expect(end.shared.digits).toBe(String(number).padStart(6, '0'));
  });
});

describe('a hostile relay', () => {
  test('cannot change one bit of a message, nor cut or lengthen it', async () => {
    const { keys, opening, phone, hello } = await meet();
    await fc.assert(
      fc.asyncProperty(fc.nat(hello.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const forged = hello.slice();
        forged[at] = (forged[at] ?? 0) ^ mask;
        await expect(browserEnd(keys, opening, 0, forged)).rejects.toMatchObject({ code: 'bad-message' });
      }),
      { numRuns: 40 },
    );
    for (const wire of [
      hello.slice(0, -1),
      hello.slice(1),
      concat(hello, Uint8Array.of(0)),
      new Uint8Array(),
      hello.slice(0, 1120),
    ])
      await expect(browserEnd(keys, opening, 0, wire)).rejects.toMatchObject({ code: 'bad-message' });
    const answer = await sealFrom('b', phone.shared, 0, HELLO);
    for (const at of [0, 31, 32, 100, answer.length - 1]) {
      const forged = answer.slice();
      forged[at] = (forged[at] ?? 0) ^ 1;
      await expect(openFrom('b', phone.shared, 0, forged)).rejects.toMatchObject({ code: 'bad-message' });
    }
  });

  test('cannot renumber, replay, turn round or move a message to another session or companion', async () => {
    const one = await meet();
    const two = await meet();
    const second = await one.phone.seal(1, HELLO);
    const { end } = await browserEnd(one.keys, one.opening, 0, one.hello);
    const response = await sealFrom('b', end.shared, 3, HELLO);
    const refused = { code: 'bad-message' };
    await expect(browserEnd(one.keys, one.opening, 1, one.hello)).rejects.toMatchObject(refused);
    const moved = { ...one.opening, origin: 'https://evil.example' };
    await expect(browserEnd(one.keys, moved, 0, one.hello)).rejects.toMatchObject(refused);
    await expect(browserEnd(one.keys, { ...one.opening, kind: 'pairing' }, 0, one.hello)).rejects.toMatchObject(
      refused,
    );
    await expect(browserEnd(two.keys, two.opening, 0, one.hello)).rejects.toMatchObject(refused);
    await expect(browserEnd({ ...one.keys }, two.opening, 0, one.hello)).rejects.toMatchObject(refused);
    await expect(end.open(2, second)).rejects.toMatchObject(refused);
    await expect(end.open(0, one.hello.slice(1120))).rejects.toMatchObject(refused);
    await expect(end.open(1, response)).rejects.toMatchObject(refused);
    await expect(openFrom('b', one.phone.shared, 4, response)).rejects.toMatchObject(refused);
    await expect(openFrom('b', two.phone.shared, 3, response)).rejects.toMatchObject(refused);
    // What was refused has not moved the order on.
    expect(hex(await end.open(1, second))).toBe(hex(HELLO));
    await expect(end.open(1, second)).rejects.toMatchObject(refused);
  });

  test('cannot put its own key under the code', async () => {
    const { code, opening } = await meet();
    const theirs = await newKeyPair();
    await expect(phoneEnd(opening, theirs.publicKey)).rejects.toMatchObject({ code: 'key-mismatch' });
    const zeros = new Uint8Array(1216);
    const committed = { ...code, commitment: await commitmentTo(code.secret, zeros) };
    await expect(phoneEnd(await openingOf(committed), zeros)).rejects.toMatchObject({ code: 'bad-message' });
  });

  test('cannot turn the phone’s later words into the browser’s', async () => {
    const { phone } = await meet();
    const word = await sealFrom('p', phone.shared, 2, HELLO);
    await expect(openFrom('b', phone.shared, 2, word)).rejects.toMatchObject({ code: 'bad-message' });
    expect(hex(await openFrom('p', phone.shared, 2, word))).toBe(hex(HELLO));
  });

  test('between two phones, the digits differ', async () => {
    const { keys, opening, hello } = await meet();
    const thief = await phoneEnd(opening, keys.publicKey);
    const { end } = await browserEnd(keys, opening, 0, hello);
    expect(end.shared.digits).not.toBe(thief.shared.digits);
  });
});

test('a restarted worker gets the same end from the same hello, and never the same key and nonce', async () => {
  const { keys, opening, phone, hello } = await meet();
  const lives = await Promise.all([1, 2, 3].map(() => browserEnd(keys, opening, 0, hello)));
  const wires = await Promise.all(lives.map(({ end }) => sealFrom('b', end.shared, 0, HELLO)));
  expect(new Set(lives.map(({ end }) => end.shared.digits)).size).toBe(1);
  expect(new Set(wires.map((wire) => hex(wire.slice(0, 32)))).size).toBe(3);
  for (const wire of wires) expect(hex(await openFrom('b', phone.shared, 0, wire))).toBe(hex(HELLO));
});

test('digits are six and spread evenly', async () => {
  const keys = await newKeyPair();
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 60; i++) {
    const secret = newSecret();
    const code = { origin: ORIGIN, secret, commitment: await commitmentTo(secret, keys.publicKey) };
    const { shared } = await phoneEnd(await openingOf(code), keys.publicKey);
    expect(shared.digits).toMatch(/^\d{6}$/);
    for (const digit of shared.digits) counts[Number(digit)] = (counts[Number(digit)] ?? 0) + 1;
  }
  // Chi-squared with 9 degrees of freedom stays below 50 but once in ten million runs.
  expect(counts.reduce((sum, count) => sum + (count - 36) ** 2 / 36, 0)).toBeLessThan(50);
});

describe('a remembered browser', () => {
  test('is opened by the holder of its key alone, and both get the same step to the next one', async () => {
    const keys = await newKeyPair();
    const [pairingId, sid, psk] = [randomBytes(16), randomBytes(16), randomBytes(32)];
    const opening = openingOfPairing(ORIGIN, pairingId, sid, psk);
    const phone = await phoneEnd(opening, keys.publicKey);
    const hello = await phone.seal(0, HELLO);
    const { end, first } = await browserEnd(keys, opening, 0, hello);
    expect(hex(first)).toBe(hex(HELLO));
    expect(hex(end.shared.pairing)).toBe(hex(phone.shared.pairing));
    for (const other of [
      openingOfPairing(ORIGIN, pairingId, sid, randomBytes(32)),
      openingOfPairing(ORIGIN, pairingId, randomBytes(16), psk),
      openingOfPairing(ORIGIN, randomBytes(16), sid, psk),
      { ...opening, kind: 'code' as const },
    ])
      await expect(browserEnd(keys, other, 0, hello)).rejects.toMatchObject({ code: 'bad-message' });
  });

  test('gets a first key from a scan that both ends share and no other session has', async () => {
    const [one, two] = [await meet(), await meet()];
    const { end } = await browserEnd(one.keys, one.opening, 0, one.hello);
    expect(hex(end.shared.pairing)).toBe(hex(one.phone.shared.pairing));
    expect(hex(end.shared.pairing)).not.toBe(hex(two.phone.shared.pairing));
    expect(hex(end.shared.pairing)).not.toBe(hex(end.shared.response));
  });
});
