// What the phone has released, on its way into the page: as an argument and nowhere else.
import type { FillOrder } from '../extension/page-api.ts';
import type { Given } from '../protocol/session/browser.ts';
import { answerChallenge } from './http-auth.ts';
import { eventOf } from './judge.ts';
import { fill, leavesFor, lookAgain, pageOf, submitProof } from './page.ts';
import type { Requests } from './requests.ts';
import type { SignIn } from './sign-in.ts';
import * as splitKey from './split-key.ts';
import { BLOCKED, deliver } from './steps.ts';

type Values = Omit<FillOrder, 'mark' | 'origin' | 'sendsTo' | 'frame'>;

/** Fills the form that the phone confirmed, and those that follow it. @param requests of the page, heard of since before */
export async function deliverCredential(
  signIn: SignIn,
  { username, password, extra = '', otp = '', current = '', kept: mayStore }: Extract<Given, { t: 'credential' }>,
  requests?: Requests,
): Promise<void> {
  const { record, tabId, formOrigin, sendsTo, surroundings } = signIn;
  const { page, view } = record;
  if (record.splitKey && mayStore)
    // Whatever comes of that, the sign-in goes on.
    await splitKey.store(formOrigin, record.splitKey, { username, password, extra, sendsTo }).catch(() => {});
  await signIn.dropSplitKey();
  if (page.url !== undefined) {
    const result = await answerChallenge(surroundings.clock, tabId, page.url, { username, password });
    if (result === 'not-filled') return void (await signIn.apply({ t: 'not-filled', code: 'no-form' }));
    await signIn.apply({ t: 'filled' });
    return void (await signIn.apply({ t: 'outcome', result }));
  }
  const look = await lookAgain({ tabId, documentId: page.documentId });
  if (!look) return void (await signIn.apply({ t: 'not-filled', code: 'page-left' }));
  const given = { username, password, extra, otp, sendsTo };
  if (view.purpose === 'new') return enterNew(signIn, { ...given, current });
  const report = await deliver(
    surroundings.clock,
    signIn.place,
    formOrigin,
    { look, documentId: page.documentId },
    given,
    () => signIn.live,
    async () => {
      await signIn.apply({ t: 'step' });
    },
    requests,
  );
  if (report.done === 'not-filled') return void (await signIn.apply({ t: 'not-filled', code: report.code }));
  // What is watched is the document that got the last of it.
  Object.assign(page, pageOf(report.page), { title: page.title, otpGiven: otp !== '' });
  await signIn.apply({ t: 'filled', told: report.done === 'told' });
  if (report.done === 'told') await signIn.apply(eventOf(report.told));
}

/** Puts a new password where the page sets one; the person looks at it and sends it. */
async function enterNew(signIn: SignIn, given: Values): Promise<void> {
  const report = await fillHere(signIn, { ...given, newPassword: true });
  if (report?.done === 'silent') {
    await signIn.apply({ t: 'filled' });
    return void (await signIn.apply(eventOf(BLOCKED)));
  }
  if (report?.done !== 'entered') {
    const code = report?.done === 'not-filled' ? report.code : 'page-left';
    return void (await signIn.apply({ t: 'not-filled', code }));
  }
  await signIn.apply({ t: 'filled' });
  await signIn.apply({ t: 'outcome', result: 'entered' });
}

/** Fills the one-time code that the page has asked for. @returns how that went; nothing where the page has moved on by itself */
export async function fillCode(signIn: SignIn, otp: string): ReturnType<typeof fill> {
  const report = await fillHere(signIn, { username: '', password: '', extra: '', otp });
  // A page that moved on took the code along, or it says itself what it wants.
  return report?.done === 'not-filled' && report.code === 'page-left' ? undefined : report;
}

/** Hands a proof of identity to the companion's sign-in page, which goes on to the site with it. */
export async function handInProof(
  signIn: SignIn,
  { key, signature }: Extract<Given, { t: 'identity' }>,
): Promise<void> {
  const target = { tabId: signIn.tabId, documentId: signIn.record.page.documentId };
  if (!(await submitProof(target, JSON.stringify({ key, signature }))))
    return void (await signIn.apply({ t: 'not-filled', code: 'no-form' }));
  await signIn.apply({ t: 'filled' });
  void leavesFor(signIn.surroundings.clock, target).then((text) => {
    if (text === undefined) return signIn.apply({ t: 'outcome', result: 'signed-in' });
    if (text) return signIn.apply({ t: 'outcome', result: 'refused', text });
    // No password was entered.
    return signIn.apply({ t: 'outcome', result: 'cannot-tell', code: 'unseen' });
  });
}

/** One step in the document that was looked at last. */
function fillHere({ record: { page, view }, tabId, formOrigin, sendsTo, surroundings }: SignIn, values: Values) {
  const order = { ...values, mark: page.mark, origin: formOrigin, sendsTo, frame: view.frame !== undefined };
  return fill(surroundings.clock, { tabId, documentId: page.documentId }, order);
}
