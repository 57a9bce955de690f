// The real companion as a child process, and the extension built to speak with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { holdsNoSecret } from './secrets.ts';

// Every process that a test starts is ended with it.
process.setMaxListeners(0);

export const ROOT = resolve(import.meta.dirname, '../..');

/** Milliseconds after which what is waited for is taken for lost: no measure of how fast it is, also on a machine that is busy. */
export const PATIENCE = 100_000;

/**
 * A TCP port on the loopback that nobody uses right now. From below those that a system gives away by itself: one of them would be
 * anybody's between this look and the use, and again whenever its server is stopped for a while.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 20_000);
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

/** Asks `condition` again until it holds; throws with `what` after `ms`. */
export async function until<T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  ms = PATIENCE,
): Promise<T> {
  const end = Date.now() + ms;
  // What has not come soon will not come sooner for being asked often: each look costs a browser something, too.
  for (let pause = 30; ; pause = Math.min(pause * 1.5, 150)) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((done) => setTimeout(done, pause));
  }
}

/** The companion that the one build of a test run is made for: an address that each copy has its own in place of. */
const BUILT_FOR = 'http://localhost:8787';

/** Builds what is tested, once for a whole run of tests (vitest's global set-up). */
export default async function build(): Promise<void> {
  const { buildIfStale } = (await import('../../scripts/build.mjs' as string)) as {
    buildIfStale(companion: string): Promise<void>;
  };
  await buildIfStale(BUILT_FOR);
}

/** A copy of the build, with the extension for a companion that it reaches on `relayPort`; returns the folder. */
export async function buildFor(relayPort: number, port = relayPort): Promise<string> {
  // Benches and the demo have no set-up of their own.
  if (!process.env.VITEST) await build();
  const out = join(ROOT, `.cache/build-${port}`);
  rmSync(out, { recursive: true, force: true });
  for (const folder of ['chrome', 'firefox', 'phone', 'sign-in'])
    cpSync(join(ROOT, 'dist', folder), join(out, folder), { recursive: true });
  for (const folder of ['chrome', 'firefox'])
    for (const name of readdirSync(join(out, folder), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.js')) continue;
      const path = join(out, folder, name);
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll(BUILT_FOR, `http://localhost:${relayPort}`));
    }
  return out;
}

/** The cost of a passphrase as it stands in the phone's page, and the least that a vault may have. */
const [COST, LEAST] = ['m:65536,t:3,p:1', 'm:19456,t:2,p:1'];

/**
 * Lets passphrases cost the least that a vault may have in a copy of the build, for tests that are not about them: at what people pay,
 * hashing them is a tenth of all that browsers do in a run.
 */
export function hashCheaply(build: string): void {
  const assets = join(build, 'phone/assets');
  const paths = readdirSync(assets).map((name) => join(assets, name));
  const costly = paths.filter((path) => path.endsWith('.js') && readFileSync(path, 'utf8').includes(COST));
  if (costly.length !== 1) throw new Error(`${costly.length} scripts of the phone name the cost of a passphrase`);
  for (const path of costly) {
    writeFileSync(path, readFileSync(path, 'utf8').replace(COST, LEAST));
    rmSync(`${path}.br`);
  }
  nameAnew(build, costly);
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Puts files of the phone's page that a test has changed into its build.json, and that into the extension. */
function nameAnew(build: string, paths: readonly string[]): void {
  const list = join(build, 'phone/build.json');
  const before = readFileSync(list);
  const { files } = JSON.parse(before.toString()) as { files: Record<string, string> };
  for (const path of paths) files[relative(join(build, 'phone'), path)] = sha256(readFileSync(path));
  writeFileSync(list, JSON.stringify({ files }));
  for (const folder of ['chrome', 'firefox']) {
    const background = join(build, folder, 'background.js');
    const script = readFileSync(background, 'utf8');
    writeFileSync(background, script.replace(sha256(before), sha256(readFileSync(list))));
  }
}

export interface Companion {
  readonly port: number;
  readonly origin: string;
  readonly data: string;
  /** Everything it has printed. */
  log(): string;
  /** Starts it, unless it runs. */
  start(): Promise<void>;
  /** Ends it: SIGTERM asks, SIGKILL does not. @returns the exit code, null after a kill */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  /** Ends it and forgets its data. Throws where any secret stands in what it has printed. */
  remove(): Promise<void>;
}

/** Starts the companion on the loopback. */
export async function startCompanion(
  port: number,
  extra: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Companion> {
  const data = mkdtempSync(join(tmpdir(), 'scankey-'));
  let child: ChildProcess | undefined;
  let log = '';
  const companion: Companion = {
    port,
    origin: `http://localhost:${port}`,
    data,
    log: () => log,
    async start() {
      if (child) return;
      const page = join(ROOT, `.cache/build-${port}/phone`);
      const args = [
        'server/main.ts',
        '--port',
        String(port),
        '--host',
        '127.0.0.1',
        '--data',
        data,
        '--page',
        page,
        ...extra,
      ];
      const started = spawn(process.execPath, args, {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
      });
      child = started;
      const before = log.length;
      process.once('exit', () => started.kill('SIGKILL'));
      for (const stream of [started.stdout, started.stderr]) stream?.on('data', (chunk: Buffer) => (log += chunk));
      await until(`companion on ${port}`, async () => {
        if (started.exitCode !== null) throw new Error(`companion ended: ${log}`);
        return log.slice(before).includes('companion is running');
      });
    },
    async stop(signal = 'SIGTERM') {
      const ending = child;
      child = undefined;
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return ending?.exitCode ?? null;
      const ended = once(ending, 'exit');
      ending.kill(signal);
      await ended;
      return ending.exitCode;
    },
    async remove() {
      await companion.stop('SIGKILL');
      rmSync(data, { recursive: true, force: true });
      holdsNoSecret(log);
    },
  };
  await companion.start();
  return companion;
}
