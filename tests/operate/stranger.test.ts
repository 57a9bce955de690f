// docs/operating.md, from nothing to TLS and backups, to the letter: each command of that page as it stands there, in a house of its own.
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { root } from './companion.ts';
import { fetchPackages, inHouse, isPossible } from './house.ts';

const TEN_MINUTES = 600_000;
const STAND_INS = ['apt-get', 'git', 'npm', 'certbot', 'systemctl'];

const page = readFileSync(join(root, 'docs/operating.md'), 'utf8');
const section = /^## From nothing.*?(?=^## )/ms.exec(page)?.[0] ?? '';
const blocks = [...section.matchAll(/^```sh.*?\n(.*?)^```/gms)].map(([, commands = '']) => commands);

interface SignedIn {
  opened: string;
  near: boolean;
  word: string;
  pushKey: string;
}

describe.skipIf(!isPossible)('a stranger who follows the page', () => {
  beforeAll(fetchPackages);

  test('has TLS by Caddy and then by nginx, a doctor who finds nothing, a backup, and all of it again when it is restored', async () => {
    expect(blocks).toHaveLength(6);
    const [companion = '', caddy = '', nginx = '', doctor = '', backup = '', restore = ''] = blocks;
    const folder = mkdtempSync(join(tmpdir(), 'scankey-stranger-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    for (const name of STAND_INS) symlinkSync(join(import.meta.dirname, 'stand-ins.sh'), join(folder, name));
    const signIn = `(cd ${root} && "$NODE" tests/operate/stranger.ts >&3)`;
    const lines = [
      // What commands say is none of the findings.
      `set -ex; exec 3>&1 1>&2; HOME=/root; export REAL_PATH="$PATH" HOME PATH="${folder}:$PATH"; cd /`,
      ...[companion, caddy, doctor, signIn, 'systemctl stop caddy'],
      ...[nginx, doctor, backup, signIn, restore, signIn],
    ];
    const script = join(folder, 'page.sh');
    writeFileSync(script, lines.join('\n'));
    const begun = Date.now();
    const found = await inHouse<SignedIn>('sh', script);
    const pushKey = found[0]?.pushKey;
    expect(pushKey).toMatch(/^.{80,}$/);
    expect(found).toEqual(Array(3).fill({ opened: 'opened', near: false, word: 'AAAA', pushKey }));
    expect(Date.now() - begun).toBeLessThan(TEN_MINUTES);
  });
});
