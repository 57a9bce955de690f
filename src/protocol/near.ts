// Nearness: what the phone asks for before it releases anything. Levels and account settings only ever add steps.

/** E0 remembered or enrolled browser · E1 same address and local channel · E2 same address, by an extension · E3 anything else. */
export type Level = 'E0' | 'E1' | 'E2' | 'E3';

/** An account's own rule: `number` asks for the digits always, `near` refuses E3, `remembered` refuses all but E0. */
export const GUARDS = ['none', 'number', 'near', 'remembered'] as const;
export type Guard = (typeof GUARDS)[number];

/** In the order in which the phone asks: its own camera, the six digits, ten seconds' hold. */
export type Step = 'camera' | 'digits' | 'hold';

export const HOLD_MS = 10_000;
export const DIGIT_TRIES = 3;

/** What the relay's evidence amounts to; the local channel and remembered browsers come later. */
export const levelOf = (evidence: { near: boolean }): Level => (evidence.near ? 'E2' : 'E3');

/** The steps between the request and the release, or `refused`. */
export function stepsFor(level: Level, guard: Guard): readonly Step[] | 'refused' {
  if (guard === 'remembered' && level !== 'E0') return 'refused';
  if (level === 'E3') return guard === 'near' ? 'refused' : ['camera', 'digits', 'hold'];
  return guard === 'number' ? ['digits'] : [];
}
