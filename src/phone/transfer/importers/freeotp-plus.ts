// FreeOTP+'s JSON. Secrets are signed bytes, as Java has them.
import * as v from 'valibot';
import { codeItem, takeAll } from './authenticator.ts';
import type { Read } from './entry.ts';
import { parseJson, text } from './json.ts';

const Token = v.object({
  type: v.nullish(v.string(), 'TOTP'),
  algo: text,
  digits: v.nullish(v.number()),
  period: v.nullish(v.number()),
  issuerExt: text,
  issuerInt: text,
  issuerAlt: text,
  label: text,
  labelAlt: text,
  secret: v.array(v.pipe(v.number(), v.integer())),
});
const Backup = v.object({ tokens: v.array(v.unknown()), tokenOrder: v.array(v.unknown()) });

export const readFreeOtpPlus: Read = async ({ text: json }) => {
  const backup = v.safeParse(Backup, parseJson(json));
  if (!backup.success) return undefined;
  return takeAll('FreeOTP+', backup.output.tokens, Token, 'label', (one) =>
    codeItem({
      kind: one.type ?? 'TOTP',
      // What the person called it comes before what the code said.
      issuer: one.issuerAlt || one.issuerExt || one.issuerInt,
      account: one.labelAlt || one.label,
      ...{ secret: Uint8Array.from(one.secret), digits: one.digits, period: one.period, algorithm: one.algo },
    }),
  );
};
