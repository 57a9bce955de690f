// Why a form was not filled.
import type { FillReport } from '../../extension/page-api.ts';

type Refusal = Extract<FillReport, { done: 'not-filled' }>['code'];
/** Thrown where a fill must not go on; what was entered is taken out again. */
export const Refused = class extends Error {} as new (code: Refusal) => Error & { readonly message: Refusal };
