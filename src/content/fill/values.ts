// Which value goes into which field of a form, and whether it stands there.
import type { FillOrder } from '../../extension/page-api.ts';
import type { Form } from '../recognise/form.ts';
import { isSelect } from '../recognise/tree.ts';

export interface Value {
  field: HTMLInputElement | HTMLSelectElement;
  value: string;
  /** The password or code that `value` is, or is one letter of, and that may stand in no address; empty for what may. */
  secret: string;
}

/** Which of the order's values go where. A field that is shut already holds what it should. */
export function valuesFor(form: Form, order: FillOrder): Value[] {
  const values: Value[] = [];
  const put = (field: Value['field'] | undefined, value: string, secret = value) => {
    if (field && value && !field.disabled) values.push({ field, value, secret });
  };
  if (order.newPassword) {
    put(form.password, order.current ?? '');
    for (const field of form.newPasswords) put(field, order.password);
    return values;
  }
  put(form.tenant, order.extra, '');
  if (form.step !== 'code') {
    const given = form.name?.readOnly && form.name.value !== '';
    if (!given) put(form.name, order.username, '');
    put(form.password, order.password);
  }
  const [first, ...more] = form.code;
  if (more.length === 0) put(first, order.otp);
  else if (form.code.length === order.otp.length)
    for (const [index, box] of form.code.entries()) put(box, order.otp[index] ?? '', order.otp);
  return values;
}

/** Whether a field takes a value of that length. */
export const hasRoom = ({ field, value }: Value): boolean =>
  isSelect(field) || field.maxLength < 0 || value.length <= field.maxLength;

/** Whether two texts are the same to a person. */
export const sameText = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

/** Masks may add spaces and dashes; they may not lose a letter. */
const unmasked = (text: string): string => text.replace(/[\s().-]/g, '');

/** Whether a field holds its value. */
export const matches = ({ field, value }: Value): boolean =>
  isSelect(field)
    ? sameText(field.selectedOptions[0]?.text ?? '', value) || sameText(field.value, value)
    : unmasked(field.value) === unmasked(value);
