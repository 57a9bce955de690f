// What moving in and out has done by a worker.
import { task } from '../shell/workshop.ts';
import type * as kdbx from './importers/kdbx.ts';
import type * as read from './read.ts';

export const readExport = task<typeof read.readExport>('readExport', 'import-failed');
export const previewTable = task<typeof read.previewTable>('previewTable', 'import-failed');
export const writeKdbx = task<typeof kdbx.writeKdbx>('writeKdbx', 'import-failed');
