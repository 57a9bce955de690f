// Hexadecimal, as test vectors write bytes.
export const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'hex'));
export const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');
