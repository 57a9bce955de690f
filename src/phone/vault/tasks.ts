// What the vault has done by a worker.
import { task } from '../shell/workshop.ts';
import type * as hashing from './argon2id.ts';
import type * as strength from './strength.ts';

export const argon2id = task<typeof hashing.argon2id>('argon2id', 'overtaxed');
export const strengths = task<typeof strength.strengths>('strengths', 'overtaxed');
export const words = task<typeof strength.words>('words', 'overtaxed');
