// Why a form was not filled.
import type { FillReport } from '../../extension/page-api.ts';

type Refusal = Extract<FillReport, { done: 'not-filled' }>['code'];
/** Thrown where a fill must not go on; what was entered is taken out again. */
export class Refused extends Error {
  declare readonly message: Refusal;
  constructor(code: Refusal) {
    super(code);
  }
}
