// `POST /v1/backup`, for phone pages alone: ids and copies in the body, the authorisation in its header, nothing in the URL.
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { Authorization, BACKUP, BackupRequest } from '../../src/protocol/recovery.ts';
import { consume, type Limiters } from '../http/limits.ts';
import { Refusal } from '../http/problems.ts';
import type { Backups } from './backups.ts';

export async function backupRoute(
  app: FastifyInstance,
  options: { backups: Backups; limiters: Limiters; isPhone(origin: string | undefined): boolean },
): Promise<void> {
  const { backups, limiters, isPhone } = options;
  // JSON around the largest copy.
  app.post('/v1/backup', { bodyLimit: BACKUP.characters + 1024 }, async (request) => {
    if (!isPhone(request.headers.origin)) throw new Refusal('origin-required');
    await consume(limiters.backups, request.source.bucket);
    const body = v.safeParse(BackupRequest, request.body);
    const auth = v.safeParse(Authorization, request.headers.authorization);
    if (!body.success || !auth.success) throw new Refusal('bad-message');
    if (body.output.t === 'write') await consume(limiters.backupWrites, body.output.id);
    return backups.serve(body.output, { auth: auth.output, bucket: request.source.bucket });
  });
}
