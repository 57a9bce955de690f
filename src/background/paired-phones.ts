// What happens to the phones that this browser remembers: one is added, its key steps on with every sign-in, it is forgotten.
import { policyInForce } from '../extension/policy.ts';
import { Connection } from '../protocol/connection.ts';
import { toBase64 } from '../protocol/encoding.ts';
import type { Message } from '../protocol/messages.ts';
import { boxOf, helloOpened, keyAfter, pairingIdOf, pairingKey } from '../protocol/pairing.ts';
import * as automatic from './automatic.ts';
import type { Pairing, PairingStore } from './pairing-store.ts';
import * as storage from './storage.ts';
import type { Surroundings } from './surroundings.ts';

/** To tell the companion that a pairing is over. */
const END_PAIRING_MS = 10_000;

/** Phones that can be asked through the companion in force, the last used first. */
export async function reachablePhones(pairings: PairingStore): Promise<Pairing[]> {
  const [{ phoneOrigin }, { noPairing }] = await Promise.all([storage.readCompanion(), policyInForce()]);
  if (noPairing) return [];
  return (await pairings.all()).filter(({ origin }) => origin === phoneOrigin);
}

/**
 * Both sides have said yes.
 * @param first the key that the pairing begins with, 32 bytes
 * @param installation the phone's name for itself that does not change; its older pairing is over
 */
export async function addPhone(
  surroundings: Surroundings,
  first: Uint8Array<ArrayBuffer>,
  name: string,
  installation: string,
): Promise<void> {
  const { clock, pairings } = surroundings;
  const companion = await storage.readCompanion();
  const now = clock.now();
  const older = (await pairings.all()).filter(({ phone }) => installation && phone === installation);
  const id = toBase64(await pairingIdOf(first));
  await pairings.add({
    id,
    name,
    phone: installation,
    origin: companion.phoneOrigin ?? '',
    relay: companion.relay,
    box: toBase64(await boxOf(first)),
    key: await pairingKey(first),
    addedAt: now,
    usedAt: now,
  });
  for (const pairing of older) {
    await automatic.movePhone(pairing.id, id);
    await endPairing(surroundings, pairing.id);
  }
}

/**
 * The phone has answered a call: from now on there is only the next key, on the disk before anything is said.
 * @param step the sign-in's own export, 32 bytes
 * @returns false when another call has taken this one's place
 */
export async function stepOn(
  { clock, pairings }: Surroundings,
  id: string,
  sid: string,
  step: Uint8Array<ArrayBuffer>,
  hello: Message<'hello'>,
): Promise<boolean> {
  const before = await pairings.find(id);
  if (!before) return false;
  // A worker that died after this step takes the same hello again.
  if (before.stepped === sid) return true;
  const next = await keyAfter(before.key, step);
  const { phone, vault, rev } = hello;
  const newest = vault !== undefined && rev !== undefined && (vault !== before.vault || rev > (before.rev ?? 0));
  let stepped = false;
  await pairings.change(id, (pairing) => {
    const after = helloOpened(pairing, sid, next);
    if (!after) return pairing;
    stepped = true;
    const { sid: _answered, ...rest } = pairing;
    return {
      ...rest,
      key: after.key,
      stepped: sid,
      usedAt: clock.now(),
      name: rest.renamed ? rest.name : phone,
      ...(newest ? { vault, rev } : {}),
    };
  });
  return stepped;
}

/** The phone is not remembered any more. */
export async function forgetPhone(pairings: PairingStore, id: string): Promise<void> {
  await pairings.drop(id);
  await automatic.forgetPhone(id);
}

/** The person forgets a phone here: gone at once, and the phone hears of it through the companion that it is paired by. */
export async function endPairing({ clock, connect, pairings }: Surroundings, id: string): Promise<void> {
  const pairing = await pairings.find(id);
  if (!pairing) return;
  await forgetPhone(pairings, id);
  // A pairing of an older version knows the phone page alone, which its companion serves.
  const { box, relay = pairing.origin } = pairing;
  const connection = new Connection({
    connect: () => connect(relay),
    clock,
    introduction: () => ({ t: 'end-link', box, why: 'ended' }),
    onFrame: async () => connection.stop(),
    onGone: async () => {},
  });
  // A companion that cannot be reached hears nothing; a phone that is never asked again forgets by itself.
  clock.after(END_PAIRING_MS, () => connection.stop());
}
