// A phone with an open vault that signs in, without a browser around it: its sign-ins are the real ones, and what they ask of pairings,
// companion and storage the test sees.
import { vi } from 'vitest';
import type { Answer } from '../../src/phone/pairing/pairings.ts';
import type { queue } from '../../src/phone/shell/in-turn.ts';
import type { PhoneSignIn } from '../../src/phone/sign-in/phone-sign-in.ts';
import { signInsOf } from '../../src/phone/sign-in/sign-ins.ts';
import type { Pending } from '../../src/phone/sign-in/start.ts';
import { type Account, newAccount, newDocument } from '../../src/phone/vault/document.ts';
import { createVault } from '../../src/phone/vault/format.ts';
import type { Socket } from '../../src/protocol/connection.ts';
import type { Message } from '../../src/protocol/messages.ts';
import type { Shown } from '../../src/protocol/session/types.ts';
import { computer, LINK, ORIGIN, SITE } from './computer-in-memory.ts';
import { phone, SECRET } from './phone-in-memory.ts';
import { PlayedClock } from './played-relay.ts';

export const ann = newAccount({ id: 'ann', sites: [SITE], username: 'ann', password: 'her password', changedAt: 1 });

export interface Around {
  accounts?: Account[];
  near?: boolean;
  insideApp?: boolean;
  other?: ReturnType<typeof computer>;
  /** Who serves the phone, where that is not the played computer's own companion. */
  connect?: () => Socket;
  /** What the phone's pairings say to a remembered computer's request, and to what it asks then. */
  answer?: Answer;
  asks?: 'go-on' | 'alarm';
}

/** A phone with an open vault, and a computer whose code it may scan. */
export async function phoneAt({ accounts: held = [ann], near = true, insideApp = false, ...around }: Around = {}) {
  const { tab, beforeNextWrite } = phone();
  const { vault, accounts } = tab();
  await vault.begin(await createVault([SECRET], newDocument(held)));
  const clock = new PlayedClock(1_000_000);
  const other = around.other ?? computer({ near });
  const held$ = { fresh: true, isNew: false, pending: undefined as Pending | undefined };
  const taken = new Set<string>();
  /** What pairings and companion were told. */
  const told: string[] = [];
  const telling =
    (what: string) =>
    async (id: string, more = ''): Promise<void> =>
      void told.push(`${what} ${id} ${more}`.trim());
  const makeSignIns = (whileAlone: ReturnType<typeof queue> = (work) => work()) =>
    signInsOf({
      ...{ companion: ORIGIN, insideApp, vault, accounts, clock, whileAlone },
      connect: around.connect ?? other.connect,
      hasVault: () => !held$.isNew,
      nameOfPhone: () => 'Li’s phone',
      isFresh: () => held$.fresh,
      pairings: {
        answer: async () => around.answer ?? { act: 'stale' },
        takeRequest: async () => around.asks ?? 'go-on',
        load: async () => {},
        add: async (_first, name) => {
          told.push(`add ${name}`);
          return 'pairing';
        },
        confirm: telling('confirm'),
        remove: telling('remove'),
      },
      requests: {
        takeUp: ({ sid }) => !taken.has(sid) && taken.add(sid) !== undefined,
        quiet: telling('quiet'),
        endPairing: telling('end'),
      },
      identity: {
        read: async (id) => ({ ...{ issuer: ORIGIN, id, client: 'wiki', nonce: 'n' }, name: 'Wiki', host: '' }),
        byVault: async () => ({ key: 'K'.repeat(87), signature: 'S'.repeat(86) }),
        byApp: async (sid, { id }) => ({ ticket: `${sid}${id}`.padEnd(43, 'T').slice(0, 43) }),
      },
      store: {
        readPending: async () => held$.pending,
        writePending: async (one) => {
          held$.pending = structuredClone(one);
        },
        dropPending: async () => {
          held$.pending = undefined;
        },
        readInstallation: async () => 'I'.repeat(22),
      },
    });
  const signIns = makeSignIns();
  const signIn = (): PhoneSignIn => {
    const one = signIns.signIn.value;
    if (!one) throw new Error('nothing is under way');
    return one;
  };
  const until = <T>(look: () => T | undefined): Promise<T> =>
    vi.waitFor(
      () => {
        const seen = look();
        if (seen === undefined) throw new Error(`not yet; ${JSON.stringify(signIns.approval.value)}`);
        return seen;
      },
      { interval: 1, timeout: 20_000 },
    );
  /** What is on the screen, once it is. */
  const shown = (): Promise<Shown> => until(() => signIns.approval.value?.session.shown);
  const ended = () => until(() => (signIn().live ? undefined : signIn().conversation.session));
  const account = (id = 'ann') => accounts.value.find((one) => one.id === id);
  /** The code is scanned, and the computer asks. */
  async function asked(more: Partial<Message<'request'>> = {}): Promise<Shown> {
    await signIns.takeLink(LINK, 'camera');
    await other.hello();
    await other.ask(more);
    return shown();
  }
  return {
    ...{
      vault,
      accounts,
      clock,
      other,
      held: held$,
      told,
      makeSignIns,
      signIns,
      signIn,
      until,
      shown,
      ended,
      account,
      asked,
      beforeNextWrite,
    },
  };
}
