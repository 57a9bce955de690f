// A sign-in on the phone without a browser around it: what leaves at a tap and when, what is put into the vault, what a reload finds.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test, vi } from 'vitest';
import type { Answer } from '../../src/phone/pairing/pairings.ts';
import type { Computer } from '../../src/phone/pairing/sealed-pairings.ts';
import { queue } from '../../src/phone/shell/in-turn.ts';
import { givesCredential, givesNew, savesLogin } from '../../src/phone/sign-in/answers.ts';
import type { Account } from '../../src/phone/vault/document.ts';
import { randomBytes, toBase64 } from '../../src/protocol/encoding.ts';
import { ScankeyError } from '../../src/protocol/errors.ts';
import type { Message } from '../../src/protocol/messages.ts';
import { formatQrLink } from '../../src/protocol/qr-link.ts';
import { openingOfPairing, phoneEnd } from '../../src/protocol/seal.ts';
import type { Shown } from '../../src/protocol/session/types.ts';
import { computer, LINK, ORIGIN, PUBLIC_KEY, SID } from './computer-in-memory.ts';
import { type Around, ann, phoneAt } from './phone-that-signs-in.ts';

const TOTP = 'otpauth://totp/x?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const outcome = (result: 'signed-in' | 'not-filled'): Message<'outcome'> => ({ v: 1, t: 'outcome', result });

describe('a phone without a vault', () => {
  test('says so sealed, releases nothing until there is one, and says that, too', async () => {
    const { asked, signIn, other, held, ended } = await phoneAt();
    held.isNew = true;
    const shown = await asked();
    expect(await other.followUp()).toEqual({ v: 1, t: 'setting-up', done: false });
    expect(other.frames.filter(({ t }) => t === 'extend')).toHaveLength(1);
    expect(signIn().conversation.session).toMatchObject({ state: 'setting-up', extended: true });
    const tap = await givesCredential(shown, ann, false, 1);
    await expect(signIn().tap(tap)).rejects.toMatchObject({ code: 'out-of-order' });
    held.isNew = false;
    await signIn().unlocked();
    expect(await other.followUp()).toEqual({ v: 1, t: 'setting-up', done: true });
    await signIn().tap(tap);
    expect(await other.answer()).toMatchObject({ t: 'credential', username: ann.username });
    await other.say({ v: 1, t: 'outcome', result: 'signed-in' });
    expect((await ended()).result).toBe('signed-in');
  });

  test('that is loaded anew meanwhile has ten minutes still, and says so again: nobody knows whether it had left before', async () => {
    const { asked, other, held, makeSignIns, clock } = await phoneAt();
    held.isNew = true;
    await asked();
    await other.followUp();
    clock.pass(400_000);
    const again = makeSignIns();
    expect(await again.resume()).toBe(true);
    await other.hello();
    await other.ask();
    expect(await other.followUp()).toEqual({ v: 1, t: 'setting-up', done: false });
    expect(again.approval.value?.session.state).toBe('setting-up');
    expect(other.frames.filter(({ t }) => t === 'extend').length).toBeGreaterThan(1);
  });
});

describe('a computer that waits for a phone to be set up', () => {
  test('hears that there is a vault without a tap, also of a locked one and far away, and nothing else', async () => {
    const { asked, signIn, other, held, ended, told } = await phoneAt({ near: false });
    held.fresh = false;
    const { hash } = await asked({ kind: 'set-up', title: '', forgets: true });
    expect(await other.answer()).toEqual({ v: 1, t: 'saved', request: hash });
    await other.say({ v: 1, t: 'outcome', result: 'saved' });
    expect(await ended()).toMatchObject({ state: 'done', result: 'saved' });
    expect([other.waits, signIn().shown.value?.pairing, told]).toEqual([false, undefined, []]);
  });

  test('hears it where the vault was made meanwhile, and not before', async () => {
    const { asked, signIn, other, held } = await phoneAt();
    held.isNew = true;
    const { hash } = await asked({ kind: 'set-up', title: '', forgets: true });
    expect(await other.followUp()).toEqual({ v: 1, t: 'setting-up', done: false });
    expect(other.waits).toBe(false);
    held.isNew = false;
    await signIn().unlocked();
    expect(await other.followUp()).toEqual({ v: 1, t: 'setting-up', done: true });
    expect(await other.answer()).toEqual({ v: 1, t: 'saved', request: hash });
  });

  test('hears nothing from inside an app, where there is no vault', async () => {
    const { asked, other, until, signIns } = await phoneAt({ insideApp: true });
    await asked({ kind: 'set-up', title: '', forgets: true });
    await until(() => (signIns.approval.value?.session.state === 'asking' ? true : undefined));
    expect(other.waits).toBe(false);
  });
});

describe('a tap', () => {
  test('gives the account to the request that was shown, notes that it was used, and ends', async () => {
    const { asked, signIn, other, account, ended, clock, held } = await phoneAt();
    const shown = await asked();
    await signIn().tap(await givesCredential(shown, ann, false, clock.now()));
    const given = { t: 'credential', request: shown.hash, username: 'ann', password: 'her password' };
    expect(await other.answer()).toMatchObject(given);
    const { browser, os } = shown.request;
    await vi.waitFor(() => expect(account()).toMatchObject({ usedAt: clock.now(), usedOn: { browser, os } }));
    await other.say(outcome('signed-in'));
    expect(await ended()).toMatchObject({ state: 'done', result: 'signed-in' });
    expect(held.pending).toBeUndefined();
  });

  test('for a request that is not on the screen gives nothing', async () => {
    const { asked, signIn, other, clock } = await phoneAt();
    const shown = await asked({ kind: 'otp' });
    const swapped: Shown = { hash: await other.ask(), request: { ...shown.request, kind: 'password' } };
    await expect(signIn().tap(await givesCredential(swapped, ann, false, clock.now()))).rejects.toThrow(
      expect.objectContaining({ code: 'out-of-order' }),
    );
    expect(signIn().conversation.session).toMatchObject({ state: 'asking', shown });
    expect(other.waits).toBe(false);
  });

  test('on a vault that was locked gives nothing', async () => {
    const { asked, signIn, clock, held, other } = await phoneAt();
    const tap = await givesCredential(await asked(), ann, false, clock.now());
    held.fresh = false;
    await expect(signIn().tap(tap)).rejects.toThrow(expect.objectContaining({ code: 'out-of-order' }));
    expect(other.waits).toBe(false);
  });

  test('far away waits for the hold, and gives nothing once the vault was locked meanwhile', async () => {
    const { asked, signIn, clock, held, other, ended } = await phoneAt({ near: false });
    const tap = await givesCredential(await asked(), ann, false, clock.now());
    await expect(signIn().tap(tap)).rejects.toThrow(expect.objectContaining({ code: 'out-of-order' }));
    await signIn().typeDigits(other.digits());
    await signIn().tap(tap);
    expect(signIn().conversation.session.state).toBe('holding');
    expect(await other.followUp()).toEqual({ v: 1, t: 'holding' });
    held.fresh = false;
    while (signIn().conversation.session.state === 'holding') clock.pass(10_000);
    expect(await ended()).toMatchObject({ state: 'failed', code: 'cancelled' });
    expect(other.waits).toBe(false);
  });

  test('that is too long for a message is told, and another account can still be given', async () => {
    const { asked, signIn, clock, other } = await phoneAt();
    const shown = await asked();
    const long = { ...ann, password: 'x'.repeat(1100) };
    await expect(signIn().tap(await givesCredential(shown, long, false, clock.now()))).rejects.toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
    await signIn().tap(await givesCredential(shown, ann, false, clock.now()));
    expect(await other.answer()).toMatchObject({ username: 'ann' });
  });

  test('is not reached by three wrong numbers, which end it', async () => {
    const { asked, signIn, other, ended } = await phoneAt({ near: false });
    await asked();
    for (const digits of ['000 001', '000 002', '000 003']) await signIn().typeDigits(digits);
    expect(await other.answer()).toEqual({ v: 1, t: 'denied', reason: 'digits-wrong' });
    expect(await ended()).toMatchObject({ state: 'failed', code: 'digits-wrong' });
  });
});

describe('a hold', () => {
  test('is stopped by leaving the page, and nothing but a hold is', async () => {
    const { asked, signIn, clock, other } = await phoneAt({ near: false });
    const tap = await givesCredential(await asked(), ann, false, clock.now());
    await signIn().interrupt();
    expect(signIn().conversation.session.state).toBe('asking');
    await signIn().typeDigits(other.digits());
    await signIn().tap(tap);
    await signIn().interrupt();
    expect(signIn().conversation.session.state).toBe('asking');
    expect(signIn().conversation.session.held).toBeUndefined();
    expect(await other.followUp()).toEqual({ v: 1, t: 'holding' });
    expect(other.waits).toBe(false);
    await signIn().tap(tap);
    expect(await other.followUp()).toEqual({ v: 1, t: 'holding' });
    clock.pass(10_000);
    expect(await other.answer()).toMatchObject({ t: 'credential', username: ann.username });
  });
});

describe('a new password', () => {
  const login = { username: 'ann', password: 'a new one' };

  test('lies in the vault before it leaves, with the one that it replaces', async () => {
    const { asked, signIn, other, account, clock } = await phoneAt();
    await signIn;
    const shown = await asked({ kind: 'new', saves: 'changed', rules: '' });
    await signIn().tap(givesNew(shown, ann, login, clock.now()));
    expect(await other.answer()).toMatchObject({ ...login, current: 'her password' });
    expect(account()).toMatchObject({ password: 'a new one', history: [{ password: 'her password' }] });
  });

  test('is taken back where nothing was filled in', async () => {
    const { asked, signIn, other, account, ended, clock } = await phoneAt();
    const shown = await asked({ kind: 'new', saves: 'changed', rules: '' });
    await signIn().tap(givesNew(shown, ann, login, clock.now()));
    await other.answer();
    await other.say({ ...outcome('not-filled'), code: 'no-form' } as Message<'outcome'>);
    expect(await ended()).toMatchObject({ state: 'failed', code: 'no-form' });
    expect(account()).toMatchObject({ password: 'her password', history: [] });
  });

  test('is followed by no code, whatever the account has', async () => {
    const { asked, signIn, other, clock } = await phoneAt({ accounts: [{ ...ann, totp: TOTP }] });
    const shown = await asked({ kind: 'new', saves: 'changed', rules: '' });
    await signIn().tap(givesNew(shown, { ...ann, totp: TOTP }, login, clock.now()));
    await other.answer();
    await other.say({ v: 1, t: 'otp-request' });
    expect(await other.followUp()).toEqual({ v: 1, t: 'otp' });
  });
});

describe('what lies in a sign-in', () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const areGone = (held: readonly WeakRef<object>[]) =>
    vi.waitFor(
      () => {
        collect();
        if (held.some((one) => one.deref())) throw new Error('still there');
      },
      { interval: 5, timeout: 20_000 },
    );

  /** A new password is tapped; of what was to be stored, and what that did, nobody but the sign-in holds on to anything. */
  async function tapped(near = true) {
    const all = await phoneAt({ near });
    const held: WeakRef<object>[] = [];
    const change = all.accounts.change.bind(all.accounts);
    all.accounts.change = async (id, fn) => {
      const done = await change(id, fn);
      held.push(new WeakRef(done));
      return done;
    };
    const shown = await all.asked({ kind: 'new', saves: 'changed', rules: '' });
    if (!near) await all.signIn().typeDigits(all.other.digits());
    const tap = givesNew(shown, ann, { username: 'ann', password: 'a new one' }, all.clock.now());
    if (tap.edit) held.push(new WeakRef(tap.edit));
    await all.signIn().tap(tap);
    return { ...all, held };
  }

  test.each(['signed-in', 'not-filled'] as const)('is forgotten once it has ended: %s', async (result) => {
    const { other, signIn, ended, held } = await tapped();
    await other.answer();
    await other.say(outcome(result));
    await ended();
    expect(held.length).toBeGreaterThan(1);
    await areGone(held);
    expect(signIn().live).toBe(false);
  });

  test('is forgotten when the vault is locked during a hold', async () => {
    const { signIn, held } = await tapped(false);
    expect(signIn().conversation.session.state).toBe('holding');
    await signIn().interrupt();
    expect(held).toHaveLength(1);
    await areGone(held);
    expect(signIn().live).toBe(true);
  });

  test('goes with the sign-in once the person has read how it ended', async () => {
    const { signIn, signIns, other, ended } = await tapped();
    await other.answer();
    await other.say(outcome('signed-in'));
    await ended();
    signIn().dismiss();
    expect([signIns.signIn.value, signIns.approval.value]).toEqual([undefined, undefined]);
  });
});

describe('a code that the site asks for afterwards', () => {
  const withCodes = { ...ann, totp: TOTP };
  const begun = async (around: Around = {}) => {
    const all = await phoneAt({ accounts: [withCodes], ...around });
    const shown = await all.asked();
    await all.signIn().tap(await givesCredential(shown, withCodes, false, all.clock.now()));
    expect(await all.other.answer()).not.toHaveProperty('otp');
    return all;
  };

  test('is sent, once', async () => {
    const { other, signIns } = await begun();
    await other.say({ v: 1, t: 'otp-request' });
    expect(await other.followUp()).toMatchObject({ t: 'otp', code: expect.stringMatching(/^\d{6}$/) });
    await vi.waitFor(() => expect(signIns.approval.value?.otp).toBe('sent'));
    await other.say({ v: 1, t: 'otp-request' });
    await other.say(outcome('signed-in'));
    await vi.waitFor(() => expect(signIns.signIn.value?.live).toBe(false));
    expect(other.waits).toBe(false);
  });

  test.each<[string, Account, Partial<Message<'request'>>, 'not-covered' | 'none']>([
    ['beside the one that the tap gave is not sent, and not called missing', withCodes, { otp: true }, 'not-covered'],
    ['of an account that has none is told to be missing', ann, {}, 'none'],
  ])('%s', async (_what, account, more, otp) => {
    const { asked, signIn, signIns, other, clock } = await phoneAt({ accounts: [account] });
    const shown = await asked(more);
    await signIn().tap(await givesCredential(shown, account, false, clock.now()));
    expect('otp' in (await other.answer())).toBe(more.otp === true);
    await other.say({ v: 1, t: 'otp-request' });
    expect(await other.followUp()).toEqual({ v: 1, t: 'otp' });
    await vi.waitFor(() => expect(signIns.approval.value?.otp).toBe(otp));
  });

  test('waits for a vault that was locked, and for no other tap', async () => {
    const { other, signIn, signIns, held } = await begun();
    held.fresh = false;
    await other.say({ v: 1, t: 'otp-request' });
    await vi.waitFor(() => expect(signIns.approval.value?.otp).toBe('locked'));
    expect(other.waits).toBe(false);
    held.fresh = true;
    await signIn().unlocked();
    expect(await other.followUp()).toMatchObject({ code: expect.any(String) });
  });

  test.each([
    ['is sent after a reload, if it was covered', withCodes, { code: expect.any(String) }],
    ['is not sent after a reload, if it was not', ann, {}],
  ])('%s', async (_what, account, code) => {
    const { asked, signIn, other, makeSignIns, held, clock } = await phoneAt({ accounts: [account] });
    const shown = await asked();
    await signIn().tap(await givesCredential(shown, account, false, clock.now()));
    expect(held.pending?.account).toBe(account.totp ? 'ann' : undefined);
    await other.answer();
    signIn().conversation.stop();
    expect(await makeSignIns().resume()).toBe(true);
    await vi.waitFor(() => expect(other.frames.at(-1)?.t).toBe('resume'));
    await other.say({ v: 1, t: 'otp-request' });
    expect(await other.followUp()).toEqual({ v: 1, t: 'otp', ...code });
  });
});

describe('remembering', () => {
  const signedIn = async (around: Around = {}, more: Partial<Message<'request'>> = {}) => {
    const all = await phoneAt(around);
    const shown = await all.asked(more);
    if (around.near === false) await all.signIn().typeDigits(all.other.digits());
    await all.signIn().tap(await givesCredential(shown, ann, false, all.clock.now()));
    while (all.signIn().conversation.session.state === 'holding') all.clock.pass(10_000);
    if (around.near === false) await all.other.followUp();
    await all.other.answer();
    await all.other.say(outcome('signed-in'));
    await all.ended();
    return all;
  };

  test('takes both words, this side’s first', async () => {
    const { other, signIn, signIns, told } = await signedIn();
    await vi.waitFor(() => expect(signIns.approval.value?.pairing).toBe('offered'));
    await signIn().pair(true, 'Library');
    expect(await other.followUp()).toEqual({ v: 1, t: 'remember', yes: true, phone: 'I'.repeat(22) });
    expect(signIns.approval.value?.pairing).toBe('said');
    await other.say({ v: 1, t: 'remember', yes: true });
    await vi.waitFor(() => expect(signIns.approval.value?.pairing).toBe('kept'));
    expect(told).toEqual(['add Library', 'confirm pairing']);
  });

  test.each<[string, Around, Partial<Message<'request'>>]>([
    ['far away', { near: false }, {}],
    ['by a page that forgets', {}, { forgets: true }],
    ['inside an app', { insideApp: true }, {}],
  ])('is not spoken of after a sign-in %s, whatever the computer says', async (_how, around, more) => {
    const { other, signIn, signIns, told } = await signedIn(around, more);
    await vi.waitFor(() => expect(other.closed).toBe('done'));
    await other.say({ v: 1, t: 'remember', yes: true });
    await signIn().pair(true, 'Library');
    expect(signIns.approval.value?.pairing).toBeUndefined();
    expect([told, other.waits]).toEqual([[], false]);
  });
});

describe('a remembered computer', () => {
  const [id, sid, psk] = [randomBytes(16), randomBytes(16), randomBytes(32)];
  const call = { box: 'box', sid: toBase64(sid), time: 1, proof: 'proof' };
  const opening = openingOfPairing(ORIGIN, id, sid, psk);

  async function calls(act: 'main' | 'probe', asks?: 'go-on' | 'alarm') {
    const end = await phoneEnd(opening, PUBLIC_KEY);
    const answer: Answer = { act, computer: { id: 'pairing', name: 'Library' } as Computer, end };
    const all = await phoneAt({ other: computer({ opening }), answer, ...(asks ? { asks } : {}) });
    await all.signIns.takeRequest(call);
    return { ...all, hello: await all.other.hello() };
  }

  test('is told how far the vault has come, and is named on the screen', async () => {
    const { hello, other, shown, signIns, vault } = await calls('main');
    expect(hello).toMatchObject({ phone: 'Li’s phone', rev: vault.current.value?.header.rev });
    await other.ask({ newest: 99 });
    await shown();
    expect(signIns.approval.value).toMatchObject({ computer: { name: 'Library' }, setBack: true });
  });

  test('may have a typed login saved, which a code may not', async () => {
    const save = { kind: 'save', saves: 'login', username: 'ann', password: 'typed' } as const;
    const { other, shown, signIn, signIns, account, clock } = await calls('main');
    await other.ask(save);
    await signIn().tap(savesLogin(await shown(), account(), 'ann', clock.now()));
    expect(await other.answer()).toMatchObject({ t: 'saved' });
    expect(account()?.password).toBe('typed');
    // What is shown of it from now on is a sentence.
    expect(JSON.stringify([signIns.approval.value, signIn().conversation.session])).not.toContain('typed');

    const scanned = await phoneAt();
    await scanned.signIns.takeLink(LINK, 'camera');
    await scanned.other.hello();
    await scanned.other.ask(save);
    await scanned.until(() => scanned.signIn().conversation.session.strikes || undefined);
    expect(scanned.signIns.approval.value?.session.shown).toBeUndefined();
  });

  test('is not told that a login was saved which found no room: it ends with that, and the vault is as it was', async () => {
    const { other, shown, signIn, ended, account, clock, beforeNextWrite } = await calls('main');
    await other.ask({ kind: 'save', saves: 'login', username: 'ann', password: 'typed' });
    beforeNextWrite(async () => {
      throw new ScankeyError('storage-failed');
    });
    await signIn().tap(savesLogin(await shown(), account(), 'ann', clock.now()));
    expect(await ended()).toMatchObject({ state: 'failed', code: 'storage-failed' });
    expect([account(), other.waits]).toEqual([ann, false]);
  });

  test('that asks again after a reload to have a login saved finds it saved, and saves it once', async () => {
    const save = { kind: 'save', saves: 'login', username: 'ann', password: 'typed' } as const;
    const { other, shown, signIn, accounts, clock } = await calls('main');
    await other.ask(save);
    const { edit } = savesLogin(await shown(), accounts.value[0], 'ann', clock.now());
    // Written, and the page was taken away before a word of it had left.
    if (edit) await accounts.change(edit.id, edit.fn);
    await signIn().tap(savesLogin(await shown(), accounts.value[0], 'ann', clock.now()));
    expect(await other.answer()).toMatchObject({ t: 'saved' });
    expect(accounts.value).toHaveLength(1);
    expect(accounts.value[0]).toMatchObject({ password: 'typed' });
    expect(accounts.value[0]?.history.map(({ password }) => password)).toEqual(['her password']);
  });

  test('is quiet for a while once the person has declined, and gone once it was not them', async () => {
    const declined = await calls('main');
    await declined.other.ask();
    await declined.shown();
    await declined.signIn().decline();
    expect(await declined.other.answer()).toMatchObject({ t: 'denied', reason: 'declined' });
    expect(declined.told).toEqual(['quiet pairing']);
    const disowned = await calls('main');
    await disowned.other.ask();
    await disowned.shown();
    await disowned.signIn().disown();
    expect(disowned.told).toEqual(['quiet pairing', 'end pairing ended']);
  });

  test('whose request was taken up already is not taken up again', async () => {
    const { signIns, signIn } = await calls('main');
    const first = signIn();
    await signIns.takeRequest(call);
    expect(signIn()).toBe(first);
  });

  test('leaves nothing for a reload before its answer has left: it asks again', async () => {
    const { other, shown, signIn, held, clock } = await calls('main');
    await other.ask();
    await shown();
    expect(held.pending).toBeUndefined();
    await signIn().tap(await givesCredential(await shown(), ann, false, clock.now()));
    expect(held.pending).toMatchObject({ via: 'call', sealed: { response: expect.any(String) } });
    expect(held.pending).not.toHaveProperty('link');
  });

  test('that is tried for a copy is answered, and asks nobody anything', async () => {
    const { other, signIns, signIn } = await calls('probe');
    expect(signIns.approval.value).toBeUndefined();
    await other.ask();
    await vi.waitFor(() => expect(other.frames.at(-1)?.t).toBe('ack'));
    expect(signIns.approval.value).toBeUndefined();
    expect(signIn().conversation.session.shown).toBeUndefined();
  });

  test('that is a copy suspends the pairing, at both ends', async () => {
    const { other, signIns, told } = await calls('probe', 'alarm');
    await other.ask();
    await vi.waitFor(() => expect(signIns.alarmed.value).toBe('pairing'));
    await vi.waitFor(() => expect(told).toEqual(['end pairing suspended']));
    expect([other.closed, signIns.approval.value]).toEqual(['suspended', undefined]);
  });

  test.each([
    ['that is not known is told to be scanned again', 'stale', 'stale'],
    ['that was answered already asks nobody', 'repeated', 'done'],
    ['that is suspended hears so', 'suspended', 'suspended'],
  ] as const)('%s', async (_what, act, reason) => {
    const { signIns, other } = await phoneAt({ answer: { act } });
    await signIns.takeRequest(call);
    await vi.waitFor(() => expect(other.closed).toBe(reason));
    expect(signIns.approval.value).toBeUndefined();
  });
});

describe('who one is', () => {
  test('is asked under the name that the companion gives, and said by the vault’s key', async () => {
    const { asked, signIn, signIns, other, until } = await phoneAt();
    const { hash } = await asked({ kind: 'identity', signIn: 'ID' });
    const site = await until(() => signIns.approval.value?.signIn);
    expect(site).toMatchObject({ name: 'Wiki', id: 'ID' });
    if ('code' in site) throw new Error(site.code);
    const proof = await signIn().prove(site);
    await signIn().tap({ answer: { v: 1, t: 'identity', request: hash, ...proof }, guard: 'none' });
    expect(await other.answer()).toMatchObject({ t: 'identity', request: hash, key: 'K'.repeat(87) });
  });

  test('waits on a phone without a vault until there is one, which the page is told', async () => {
    const { asked, signIn, other, held } = await phoneAt();
    held.isNew = true;
    await asked({ kind: 'identity', signIn: 'ID' });
    expect(await other.followUp()).toEqual({ v: 1, t: 'setting-up', done: false });
    held.isNew = false;
    await signIn().unlocked();
    expect(await other.followUp()).toEqual({ v: 1, t: 'setting-up', done: true });
  });

  test('is said by the app’s provider where the companion knows it, with the vault locked', async () => {
    const { signIns, signIn, other, shown, held } = await phoneAt({ insideApp: true });
    Object.assign(held, { fresh: false, isNew: true });
    await signIns.takeLink(LINK, 'navigation', true);
    await other.hello();
    await other.ask({ kind: 'identity', signIn: 'ID' });
    const { hash } = await shown();
    const site = { issuer: ORIGIN, id: 'ID', client: 'wiki', nonce: 'n', name: 'Wiki', host: '' };
    const proof = await signIn().prove(site);
    expect(proof).toMatchObject({ ticket: expect.stringContaining(SID) });
    await signIn().tap({ answer: { v: 1, t: 'identity', request: hash, ...proof }, guard: 'none' });
    expect(await other.answer()).toMatchObject({ t: 'identity', ...proof });
  });
});

describe('what is scanned or opened', () => {
  test.each([
    ['is no code', 'no code at all', { code: 'not-a-code' }],
    ['is another companion’s', 'https://other.example', { code: 'other-companion', origin: 'https://other.example' }],
  ])('and %s is told so', async (_what, text, rejected) => {
    const { signIns } = await phoneAt();
    if (text.startsWith('https:')) await signIns.takeLink({ ...LINK, origin: text }, 'navigation');
    else await signIns.scanned(text);
    expect(signIns.rejected.value).toEqual(rejected);
    expect(signIns.signIn.value).toBeUndefined();
  });

  test('takes the place of what was under way, whose tap counts for nothing any more', async () => {
    const { asked, signIns, signIn, clock, other } = await phoneAt();
    const tap = await givesCredential(await asked(), ann, false, clock.now());
    const first = signIn();
    await signIns.takeLink({ ...LINK, secret: randomBytes(32) }, 'navigation');
    await expect(first.tap(tap)).rejects.toThrow(expect.objectContaining({ code: 'out-of-order' }));
    expect([first.shown.value, other.waits]).toEqual([undefined, false]);
  });

  test('again at the step that asks for it, with the page’s own camera, is that step; another code is another sign-in', async () => {
    const { signIns, signIn, other, shown } = await phoneAt({ near: false });
    await signIns.takeLink(LINK, 'navigation');
    await other.hello();
    await other.ask();
    await shown();
    const first = signIn();
    expect(first.conversation.session.passed).toEqual([]);
    await signIns.scanned(formatQrLink(LINK));
    expect(signIn()).toBe(first);
    expect(first.conversation.session.passed).toEqual(['camera']);
    await signIns.scanned(formatQrLink({ ...LINK, secret: randomBytes(32) }));
    expect(signIn()).not.toBe(first);
    expect(first.live).toBe(false);
    // One that has ended is no place to prove anything to.
    await signIns.scanned(formatQrLink(LINK));
    expect(signIn()).not.toBe(first);
  });

  test('is cancelled for the computer as long as it has asked for nothing', async () => {
    const { signIns, signIn, other } = await phoneAt();
    await signIns.takeLink(LINK, 'camera');
    await signIn().typeDigits('000000');
    await other.hello();
    await signIn().decline();
    expect([other.closed, other.waits, signIn().conversation.session.state]).toEqual(['cancelled', false, 'cancelled']);
  });

  test('leaves nothing to go on with once it is over, or its time is', async () => {
    const { asked, signIn, held, makeSignIns, clock } = await phoneAt();
    expect(await makeSignIns().resume()).toBe(false);
    await asked();
    signIn().conversation.stop();
    while (clock.pass(301_000));
    expect(await makeSignIns().resume()).toBe(false);
    expect(held.pending).toBeUndefined();
  });

  test('is not taken over by a tab that is opened meanwhile, but by one that is there when its own is closed', async () => {
    const { other, makeSignIns } = await phoneAt();
    const whileAlone = queue();
    const first = makeSignIns(whileAlone);
    await first.takeLink(LINK, 'camera');
    await other.hello();
    const second = makeSignIns(whileAlone);
    const resumed = second.resume();
    await other.ask();
    await vi.waitFor(() => expect(first.approval.value?.session.shown).toBeDefined(), { interval: 1 });
    expect(second.signIn.value).toBeUndefined();
    // Its tab is closed: the browser gives back what it held.
    first.signIn.value?.stop();
    Object.assign(first.signIn, { value: undefined });
    expect(await resumed).toBe(true);
    expect(await other.hello()).toMatchObject({ attempt: 2 });
  });

  test('is taken over by one of the tabs that are there when its own is closed, and by the next when that is closed, too', async () => {
    const { other, makeSignIns } = await phoneAt();
    const whileAlone = queue();
    const [first, ...waiting] = [1, 2, 3].map(() => makeSignIns(whileAlone));
    await first?.takeLink(LINK, 'camera');
    await other.hello();
    const resumed = waiting.map((tab) => tab.resume());
    const close = (tab: typeof first) => {
      tab?.signIn.value?.stop();
      Object.assign(tab?.signIn ?? {}, { value: undefined });
    };
    close(first);
    expect(await resumed[0]).toBe(true);
    expect(await other.hello()).toMatchObject({ attempt: 2 });
    // Whatever the other waits for has had time to come.
    await new Promise((resolve) => setImmediate(resolve));
    expect(waiting.map(({ signIn }) => signIn.value !== undefined)).toEqual([true, false]);
    close(waiting[0]);
    expect(await resumed[1]).toBe(true);
    expect(await other.hello()).toMatchObject({ attempt: 3 });
  });

  test('that is dismissed while a tab takes it over is over for every tab that waits', async () => {
    const { asked, signIn, makeSignIns, held } = await phoneAt();
    await asked();
    signIn().conversation.stop();
    const whileAlone = queue();
    const [taking, waiting] = [makeSignIns(whileAlone), makeSignIns(whileAlone)];
    // As soon as it is there, before it has been joined.
    taking.signIn.subscribe((one) => one && queueMicrotask(() => one.dismiss()));
    const resumed = taking.resume();
    const next = waiting.resume();
    expect(await resumed).toBe(true);
    expect(taking.signIn.value).toBeUndefined();
    held.pending = undefined;
    expect(await next).toBe(false);
  });

  test('after a reload joins again as the same phone, with one attempt more, three at most', async () => {
    const { asked, signIn, other, held, makeSignIns } = await phoneAt();
    await asked();
    signIn().conversation.stop();
    const token = held.pending?.mail.token;
    const again = makeSignIns();
    expect(await again.resume()).toBe(true);
    expect(await other.hello()).toMatchObject({ attempt: 2 });
    expect(held.pending).toMatchObject({ attempt: 2, mail: { token } });
    if (held.pending) held.pending.attempt = 3;
    expect(await makeSignIns().resume()).toBe(false);
    expect(held.pending).toBeUndefined();
  });
});
