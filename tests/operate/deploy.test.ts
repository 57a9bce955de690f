// What deploy/ has beside the proxies' configurations: the units by systemd's own eyes, and the image by its words.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from './companion.ts';

const folder = join(root, 'deploy');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('a unit', () => {
  test.each(['scankey.service', 'scankey-backup.service'])('%s exposes little, as systemd counts it', (name) => {
    const found = JSON.parse(
      execFileSync(
        'systemd-analyze',
        ['security', '--offline=true', '--json=short', '--threshold=30', join(folder, name)],
        {
          encoding: 'utf8',
        },
      ),
    );
    expect(found.length).toBeGreaterThan(50);
  });

  test.each(['scankey.service', 'scankey-backup.service', 'scankey-backup.timer'])(
    '%s has nothing that systemd does not know',
    (name) => {
      const text = read(name).replaceAll(/\/opt\/scankey\/node_modules\/\.bin\/node/g, '/bin/true');
      expect(text).toMatch(/^\[Unit\]$/m);
      const said = execFileSync(
        'sh',
        [
          '-c',
          `mkdir -p "$1" && cat > "$1/${name}" && cp -n deploy/*.service "$1/" && systemd-analyze verify "$1/${name}" 2>&1 || true; rm -r "$1"`,
          'sh',
          `/tmp/scankey-units-${process.pid}-${name}`,
        ],
        {
          input: text,
          cwd: root,
          encoding: 'utf8',
        },
      );
      const own = said.split('\n').filter((line) => line.startsWith(`/tmp/`) || line.startsWith(name));
      expect(own).toEqual([]);
    },
  );
});

test('the image runs as nobody in particular, and compose writes to its volume alone', () => {
  const image = read('Dockerfile');
  const last = image.slice(image.lastIndexOf('\nFROM '));
  expect(last).toMatch(/^USER node$/m);
  expect(last).toMatch(/^HEALTHCHECK .*readyz/m);
  // What it copies is there, or made by the build.
  for (const [, path = ''] of last.matchAll(/^COPY --from=build \/scankey\/(\S+)/gm))
    expect(['node_modules', 'dist', 'package.json', 'server', 'src']).toContain(path);
  const { services } = parse(read('compose.yaml'));
  expect(services.companion).toMatchObject({ read_only: true, cap_drop: ['ALL'], volumes: ['companion:/data'] });
  expect(services.companion.ports).toBeUndefined();
  const proxy = services.caddy.networks.front.ipv4_address;
  expect(services.companion.command.slice(-2)).toEqual(['--trust-proxy', proxy]);
  expect(services.valkey.command).toMatch(/appendonly yes.*noeviction/);
});
