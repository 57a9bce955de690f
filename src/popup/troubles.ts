// What can be wrong with a companion, so that nothing can be begun with it.
const TROUBLES = ['unreachable', 'not-a-companion', 'origin-required'] as const;
export type Trouble = (typeof TROUBLES)[number];
export const isTrouble = (code: string): code is Trouble => (TROUBLES as readonly string[]).includes(code);
