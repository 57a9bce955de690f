// The companion's keys for push: one that push services know it by (VAPID, RFC 8292), one that seals the phones' subscriptions.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import webPush from 'web-push';

const Keys = v.object({ vapid: v.object({ publicKey: v.string(), privateKey: v.string() }), seal: v.string() });
export type PushKeys = v.InferOutput<typeof Keys>;

export const newPushKeys = (): PushKeys => ({
  vapid: webPush.generateVAPIDKeys(),
  seal: randomBytes(32).toString('base64url'),
});

/** @throws Error in words for an operator, without anything of what stands in the file */
function readKeys(path: string): PushKeys {
  try {
    return v.parse(Keys, JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new Error(
      `${path} cannot be read as the companion's push keys. Put back a copy, or move it away: phones are woken again once each has been opened.`,
    );
  }
}

/**
 * The keys in `folder`, made at the first start; apart from the database, which holds what they seal.
 * @throws Error in words for an operator
 */
export function loadPushKeys(folder: string): PushKeys {
  const path = join(folder, 'push-keys.json');
  if (existsSync(path)) return readKeys(path);
  const keys = newPushKeys();
  writeFileSync(path, `${JSON.stringify(keys)}\n`, { mode: 0o600 });
  return keys;
}
