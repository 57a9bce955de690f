// docs/operating.md, from nothing to TLS and backups, to the letter: each command of that page as it stands there, in a house of its own.
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { root } from './companion.ts';
import { inHouse, isPossible } from './house.ts';

const STAND_INS = ['apt-get', 'git', 'npm', 'certbot', 'systemctl'];

/** Of the house's certificates one alone lasts for another 70 days; who was told of it goes on for a moment with the one before. */
const SERVES_THE_RENEWED = `tries=0
until openssl s_client -connect id.example.org:443 </dev/null 2>/dev/null | openssl x509 -noout -checkend $((70 * 86400)); do
  tries=$((tries + 1)); [ $tries -lt 100 ] || exit 1; sleep 0.05
done`;

const page = readFileSync(join(root, 'docs/operating.md'), 'utf8');
const section = [...page.matchAll(/^## (?:From nothing|Updating).*?(?=^## )/gms)].join('\n');
const blocks = [...section.matchAll(/^```sh.*?\n(.*?)^```/gms)].map(([, commands = '']) => commands);

interface SignedIn {
  opened: string;
  near: boolean;
  word: string;
  pushKey: string;
}

describe.skipIf(!isPossible)('a stranger who follows the page', () => {
  test('has TLS by Caddy and then by nginx, a doctor who finds nothing, a certificate that is renewed, a backup, and all of it again when it is restored, started with more options, or newer', async () => {
    expect(blocks).toHaveLength(8);
    const [companion = '', caddy = '', nginx = '', doctor = '', backup = '', restore = '', options = '', update = ''] =
      blocks;
    const folder = mkdtempSync(join(tmpdir(), 'scankey-stranger-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    for (const name of STAND_INS) symlinkSync(join(import.meta.dirname, 'stand-ins.sh'), join(folder, name));
    const signIn = `(cd ${root} && "$NODE" tests/operate/stranger.ts >&3)`;
    const lines = [
      // What commands say is none of the findings.
      `set -ex; exec 3>&1 1>&2; HOME=/root; export REAL_PATH="$PATH" HOME PATH="${folder}:$PATH"; cd /`,
      ...[companion, caddy, doctor, signIn, 'systemctl stop caddy'],
      ...[nginx, doctor, 'certbot renew', SERVES_THE_RENEWED, backup, signIn, restore, signIn],
      // The doctor finds an extension that is not admitted, unless the service has that option, too.
      ...[options, update, signIn, 'test "$(stat -c %a /etc/scankey.env)" = 600'],
    ];
    const script = join(folder, 'page.sh');
    writeFileSync(script, lines.join('\n'));
    const found = await inHouse<SignedIn>('sh', script);
    const pushKey = found[0]?.pushKey;
    expect(pushKey).toMatch(/^.{80,}$/);
    expect(found).toEqual(Array(4).fill({ opened: 'opened', near: false, word: 'AAAA', pushKey }));
  });
});
