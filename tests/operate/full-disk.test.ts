// A disk that is really full, a file system of a few MiB in a mount of the companion's own: nobody signs in, the log says why, and nothing that
// was acknowledged is lost once there is room again.
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tokenHash } from '../../src/protocol/mailbox.ts';
import { EXTENSION, newSid, newToken, PK, pair, party } from '../companion/party.ts';
import { newFolder, startCompanion } from './companion.ts';
import { isPossible } from './house.ts';

/** Writes until there is no byte left. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (let size = 2 ** 20; size >= 1; size /= 2)
      for (let written = size; written === size; )
        try {
          written = writeSync(file, Buffer.alloc(size));
        } catch (error) {
          expect(error).toMatchObject({ code: 'ENOSPC' });
          written = 0;
        }
  } finally {
    closeSync(file);
  }
}

test.runIf(isPossible)(
  'a full disk is told of once, and what was acknowledged before it is there when it has room again',
  async () => {
    const folder = newFolder();
    const data = join(folder, 'data');
    mkdirSync(data);
    const mounted = ['/usr/bin/unshare', '-m', 'sh', '-c', 'mount -t tmpfs -o size=6m tmpfs "$0" && exec "$@"', data];
    const one = await startCompanion({ folder, data, under: mounted });
    const filler = `/proc/${one.pid}/root${data}/filler`;
    const { sid, tokens, browser, phone } = await pair(one);
    const said: string[] = [];
    const send = async () => {
      browser.say({ t: 'send', n: said.length, m: `bWVzc2FnZQ${said.length}` });
      const frame = await browser.next();
      if (frame.t === 'acked') said.push(`bWVzc2FnZQ${said.length}`);
      return frame.t === 'acked' ? 'acked' : frame.problem?.code;
    };
    expect(await send()).toBe('acked');
    fill(filler);
    // What the log of the database has room for in its last page may still be taken.
    let last = await send();
    for (let left = 20; left > 0 && last === 'acked'; left--) last = await send();
    expect(last).toBe('store-unavailable');
    await expect.poll(one.health, { timeout: 60_000 }).toBe(503);
    const open = async () => {
      const other = await party(one.port, EXTENSION);
      other.say({ t: 'open', sid: newSid(), pk: PK, tokenHash: await tokenHash(newToken()) });
      const frame = await other.next();
      other.close();
      return frame.problem?.code ?? frame.t;
    };
    for (let again = 0; again < 3; again++) expect(await open()).toBe('store-unavailable');
    expect((await one.ask('/healthz')).status).toBe(200);
    const told = () => one.said().match(/The disk takes nothing|takes what it is given again/g);
    expect(told()).toEqual(['The disk takes nothing']);
    rmSync(filler);
    await expect.poll(one.health, { timeout: 60_000 }).toBe(200);
    expect(told()).toEqual(['The disk takes nothing', 'takes what it is given again']);
    expect(await open()).toBe('opened');
    // The phone has not read yet.
    phone.close();
    const back = await party(one.port, one.page);
    back.say({ t: 'resume', sid, role: 'p', token: tokens.p, lastSeen: -1 });
    expect(await back.next()).toMatchObject({ t: 'resumed', next: 0 });
    const heard = [];
    for (const _one of said) heard.push((await back.next()).m);
    expect(heard).toEqual(said);
    for (const { close } of [browser, back]) close();
    await one.end();
    expect(one.code()).toBe(0);
  },
);
