// Somebody else is faster, on this node or another: what was to be written is not lost, and what was revoked stays so.
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newNetworkHash } from '../../server/relay/networks.ts';
import { Relay } from '../../server/relay/relay.ts';
import type { Party } from '../../server/relay/session-record.ts';
import { hashOf } from '../../server/store/hashes.ts';
import { Room } from '../../server/store/room.ts';
import { openSqlite } from '../../server/store/sqlite.ts';
import type { Store } from '../../server/store/store.ts';
import { Escrows } from '../../server/team/escrows.ts';
import { StoreAdapter } from '../../server/team/issuer/adapter.ts';
import { LIMITS } from '../../src/protocol/relay.ts';

let now = 0;
let store: Store;
beforeEach(() => {
  now = Date.now();
  store = openSqlite(':memory:', () => now);
});
afterEach(() => store.close());

/** The store as it is to one before whose next write under a key that begins so somebody else does `first`. */
function overtaken(prefix: string, first: () => Promise<unknown>): Store {
  let isOver = false;
  return {
    ...store,
    async put(key, ...written) {
      if (key.startsWith(prefix) && !isOver) {
        isOver = true;
        await first();
      }
      return store.put(key, ...written);
    },
  };
}

test('why a session has ended is told, also when the phone makes it last longer at that moment', async () => {
  const relay = (of: Store) => new Relay(of, new Room(of), () => now);
  const party = { sid: 'sid', role: 'b' } as const;
  await relay(store).open(
    { t: 'open', sid: 'sid', pk: 'key', tokenHash: hashOf('b') },
    { networks: [], signsIn: false },
  );
  await relay(store).join({ t: 'join', sid: 'sid', tokenHash: hashOf('p') }, []);
  const slow = overtaken('tombstone:', () => relay(store).extend({ ...party, role: 'p' }));
  await relay(slow).end(party, 'denied');
  now += LIMITS.tombstoneMs - 1;
  expect([await relay(store).session('sid'), await relay(store).reasonOf(party)]).toEqual([undefined, 'denied']);
});

test.each<[string, (relay: Relay, phone: Party) => Promise<unknown>]>([
  ['has heard something', (relay, phone) => relay.ack(phone, [0])],
  ['says something', (relay, phone) => relay.send(phone, { t: 'send', n: 0, m: 'AAAA' }, [])],
  ['needs longer', (relay, phone) => relay.extend(phone)],
])('a phone that %s at the moment when the browser ends the session is told why', async (_what, say) => {
  const relay = new Relay(store, new Room(store), () => now);
  const [sid, phone] = ['sid', { sid: 'sid', role: 'p' } as const];
  await relay.open({ t: 'open', sid, pk: 'key', tokenHash: hashOf('b') }, { networks: [], signsIn: false });
  await relay.join({ t: 'join', sid, tokenHash: hashOf('p') }, []);
  await relay.end({ sid, role: 'b' }, 'cancelled');
  await expect(say(relay, phone)).rejects.toMatchObject({ code: 'session-gone', extra: { reason: 'cancelled' } });
});

test('the way to a vault that was said last is the one that is kept', async () => {
  const slow = overtaken('vault:', () => new Escrows(store).put(['wechat:li'], 'first'));
  await new Escrows(slow).put(['wechat:li'], 'last');
  expect(await new Escrows(store).find(['wechat:li'])).toBe('last');
});

test('what is given while its grant is revoked is worth nothing, and what the same grant gives later is', async () => {
  const [secret, payload] = ['S'.repeat(43), { grantId: 'grant', exp: Date.now() / 1000 + 600 }];
  const tokens = (of: Store) => new StoreAdapter(of, 'RefreshToken', secret);
  const slow = overtaken('oidc:RefreshToken:', () => tokens(store).revokeByGrantId('grant'));
  await tokens(slow).upsert('early', payload, 600);
  await tokens(store).upsert('late', payload, 600);
  expect([await tokens(store).find('early'), await tokens(store).find('late')]).toEqual([
    undefined,
    { ...payload, jti: 'late' },
  ]);
  await expect(tokens(store).consume('early')).rejects.toThrow();
  await tokens(store).revokeByGrantId('grant');
  expect(await tokens(store).find('late')).toBeUndefined();
});

test('a network is hashed under no salt that anybody could know, also when the one of its day is away', async () => {
  const bare = createHmac('sha256', '').update('192.0.2.7/32').digest('base64url');
  expect(await newNetworkHash(store)('192.0.2.7/32', now - 3 * 86_400_000)).not.toBe(bare);
  const slow = overtaken('salt:', () => newNetworkHash(store)('192.0.2.7/32', now));
  expect(await newNetworkHash(slow)('192.0.2.7/32', now)).toBe(await newNetworkHash(store)('192.0.2.7/32', now));
});
