// The worker's entry: every task that the page has done for it; see shell/workshop.ts. What is large is loaded when it is asked for.
import type * as decode from './parts/decode.ts';
import { loaded } from './shell/loaded.ts';
import { answer } from './shell/workshop.ts';
import type * as kdbx from './transfer/importers/kdbx.ts';
import type * as read from './transfer/read.ts';
import { argon2id } from './vault/argon2id.ts';
import type * as strength from './vault/strength.ts';

export const TASKS = {
  argon2id,
  readExport: async (...given: Parameters<typeof read.readExport>) =>
    (await loaded(import('./transfer/read.ts'))).readExport(...given),
  previewTable: async (...given: Parameters<typeof read.previewTable>) =>
    (await loaded(import('./transfer/read.ts'))).previewTable(...given),
  writeKdbx: async (...given: Parameters<typeof kdbx.writeKdbx>) =>
    (await loaded(import('./transfer/importers/kdbx.ts'))).writeKdbx(...given),
  textIn: async (...given: Parameters<typeof decode.textIn>) =>
    (await loaded(import('./parts/decode.ts'))).textIn(...given),
  strengths: async (...given: Parameters<typeof strength.strengths>) =>
    (await loaded(import('./vault/strength.ts'))).strengths(...given),
  words: async (...given: Parameters<typeof strength.words>) =>
    (await loaded(import('./vault/strength.ts'))).words(...given),
};

// Tests take the tasks without a worker.
if (typeof self !== 'undefined' && typeof document === 'undefined')
  self.onmessage = async ({ data }: MessageEvent) => self.postMessage(await answer(TASKS, data));
