// Nearness: what the phone asks for before it releases anything. Levels and account settings only ever add steps.
import type { Code } from './errors.ts';
import { type Result, wentWell } from './outcomes.ts';

/** E0 remembered or enrolled browser · E1 same address and local channel · E2 same address, by an extension · E3 anything else. */
export type Level = 'E0' | 'E1' | 'E2' | 'E3';

/** An account's own rule: `number` asks for the digits always, `near` refuses E3, `remembered` refuses all but E0. */
export const GUARDS = ['none', 'number', 'near', 'remembered'] as const;
export type Guard = (typeof GUARDS)[number];

/** In the order in which the phone asks: its own camera, the six digits, ten seconds' hold. */
export type ProximityStep = 'camera' | 'digits' | 'hold';

export const HOLD_MS = 10_000;
export const DIGIT_TRIES = 3;

/** What there is to say that the computer is here: a remembered browser's key, and what the relay saw of the addresses. */
export interface Evidence {
  remembered: boolean;
  /** The same network, and an extension. */
  near: boolean;
}

/** What the evidence amounts to; the local channel comes later. */
const levelOf = ({ remembered, near }: Evidence): Level => (remembered ? 'E0' : near ? 'E2' : 'E3');

/** The steps between the request and the release, or `refused`. */
export function stepsFor(evidence: Evidence, guard: Guard): readonly ProximityStep[] | 'refused' {
  const level = levelOf(evidence);
  if (guard === 'remembered' && level !== 'E0') return 'refused';
  if (level === 'E3') return guard === 'near' ? 'refused' : ['camera', 'digits', 'hold'];
  // A remembered computer far away may be in somebody else's hands, who has only to wait for an absent-minded tap.
  return guard === 'number' || !evidence.near ? ['digits'] : [];
}

/**
 * Whether the two ends may agree on a pairing after a sign-in that went so: never on the word of somebody who may be far away, and never
 * after one that was refused, or whose page was seen and did not say. Where nobody could look, that they are near is known all the same.
 * @param code why it cannot be told how it went
 */
export const mayPair = ({ remembered, near }: Evidence, result: Result, code?: Code): boolean =>
  near && !remembered && wentWell(result) && code === undefined;
