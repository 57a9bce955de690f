// What deploy/ has beside the proxies' configurations: the units by systemd's own eyes, image and compose by their words.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { ownNetworks, readNetwork, sourceOf } from '../../server/http/addresses.ts';
import { root } from './companion.ts';

const folder = join(root, 'deploy');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const SERVICES = ['scankey.service', 'scankey-backup.service'];

/** What systemd finds wrong in a unit, line by line. Its program is one that is there. */
function wrongIn(name: string, text: string): string[] {
  const units = mkdtempSync(join(tmpdir(), 'scankey-units-'));
  onTestFinished(() => rmSync(units, { recursive: true, force: true }));
  for (const [one, its] of [...SERVICES.map((service) => [service, read(service)] as const), [name, text] as const])
    writeFileSync(join(units, one), its.replaceAll('/opt/scankey/node_modules/.bin/node', '/bin/true'));
  const { stderr, error } = spawnSync('systemd-analyze', ['verify', join(units, name)], { encoding: 'utf8' });
  if (error) throw error;
  return stderr.split('\n').filter((line) => line.startsWith(units) || line.startsWith(name));
}

/** What a unit says of a name, said again or not. */
const said = (unit: string, name: string): string =>
  [...read(unit).matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value).join(' ');

describe('a unit', () => {
  test.each(SERVICES)('%s exposes little, as systemd counts it', (name) => {
    const look = ['security', '--offline=true', '--json=short', '--threshold=20', join(folder, name)];
    const found = JSON.parse(execFileSync('systemd-analyze', look, { encoding: 'utf8' }));
    expect(found.length).toBeGreaterThan(50);
  });

  test.each([...SERVICES, 'scankey-backup.timer'])('%s has nothing that systemd does not know', (name) => {
    expect(wrongIn(name, read(name))).toEqual([]);
    const planted = read(name).replace(/^\[(Service|Timer)\]$/m, '$&\nUnheardOf=yes');
    expect(wrongIn(name, planted)).toEqual([expect.stringContaining('UnheardOf')]);
  });

  test('of the backup finds the records where the companion has them, also when those have moved to Redis', () => {
    const [companion = '', backup = ''] = SERVICES;
    expect(said(backup, 'EnvironmentFile')).toBe(`-${said(companion, 'EnvironmentFile')}`);
    expect(said(backup, 'PrivateNetwork')).toBe('');
    // Netlink is asked for this computer's addresses at every start, whatever the command.
    for (const unit of SERVICES)
      expect(said(unit, 'RestrictAddressFamilies').split(' ')).toEqual([
        'AF_INET',
        'AF_INET6',
        'AF_UNIX',
        'AF_NETLINK',
      ]);
  });

  test('of the companion and the operator’s commands have the same options, and more of them from the same file', () => {
    const options = / --public-url .*(?= --log )/.exec(said('scankey.service', 'ExecStart'))?.[0] ?? '';
    expect(options).toContain('--data');
    expect(said('scankey.service', 'ExecStart')).toMatch(/ \$OPTIONS$/);
    const command = read('scankey.sh');
    expect(command.replaceAll('"', '')).toContain(`${options} $OPTIONS\n`);
    expect(command).toContain(`. ${said('scankey.service', 'EnvironmentFile')}\n`);
  });

  test.each(SERVICES)('%s refuses a system call that its program can do without, and does not end it', (name) => {
    expect(said(name, 'SystemCallErrorNumber')).toBe('EPERM');
  });
});

describe('in a container', () => {
  const { services, networks } = parse(read('compose.yaml'));

  test('the image runs as nobody in particular, and compose writes to its volume alone', () => {
    const image = read('Dockerfile');
    const last = image.slice(image.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^HEALTHCHECK .*readyz/m);
    // What it copies is there, or made by the build.
    for (const [, path = ''] of last.matchAll(/^COPY --from=build \/scankey\/(\S+)/gm))
      expect(['node_modules', 'dist', 'package.json', 'server', 'src']).toContain(path);
    expect(services.companion).toMatchObject({ read_only: true, cap_drop: ['ALL'], volumes: ['companion:/data'] });
    expect(services.companion.ports).toBeUndefined();
    expect(services.valkey.command).toMatch(/appendonly yes.*noeviction/);
  });

  test('the image is made of nothing that git leaves out', () => {
    const ignored = read('Dockerfile.dockerignore').split('\n');
    for (const name of readFileSync(join(root, '.gitignore'), 'utf8').split('\n').filter(Boolean))
      expect(ignored).toContain(name.replace(/\/$/, ''));
    expect(ignored).toContain('.git');
  });

  test('who is passed on from Docker’s own gateway is nobody’s neighbour, and the person behind Caddy is who he is', () => {
    const { command } = services.companion;
    const proxies = [readNetwork(command[command.indexOf('--trust-proxy') + 1]) ?? []].flatMap((one) =>
      one.length === 2 ? [one] : [],
    );
    const [start = '', bits = ''] = networks.front.ipam.config[0].subnet.split('/');
    const at = (last: number) => start.replace(/\d+$/, String(last));
    const caddy = services.caddy.networks.front.ipv4_address;
    const own = { address: at(3), netmask: '255.255.255.240', mac: '', internal: false, cidr: `${at(3)}/${bits}` };
    const from = (address: string) =>
      sourceOf(caddy, { 'x-forwarded-for': address }, proxies, ownNetworks({ eth0: [{ ...own, family: 'IPv4' }] }));
    expect(from(at(1))).toMatchObject({ networks: [], doubt: 'proxy-for-proxy' });
    expect(from('198.51.100.7')).toMatchObject({ networks: ['198.51.100.7/32'], bucket: '198.51.100.7/32' });
    for (const port of services.caddy.ports) expect(port).toMatch(/^0\.0\.0\.0:/);
  });
});
