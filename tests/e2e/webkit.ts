// WebKit, the engine of every browser on an iPhone: Debian's build of it, driven by the WebDriver protocol (W3C) alone.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, until } from './companion.ts';
import { inSight, type Screen } from './screen.ts';

/** Key by which WebDriver says that a value is an element (W3C WebDriver, 11.1). */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** A display in memory; nothing of GTK draws on less. @returns its name, once it takes clients */
export async function display(): Promise<{ name: string; server: ChildProcess }> {
  // It chooses a number that is free, and writes it down as soon as it listens.
  const server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1400x1200x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  process.once('exit', () => server.kill('SIGKILL'));
  const [number] = (await once(server.stdout, 'data')) as [Buffer];
  return { name: `:${String(number).trim()}`, server };
}

/** A window of phone size in WebKit. */
export async function webkit(): Promise<Screen> {
  const home = mkdtempSync(join(tmpdir(), 'scankey-webkit-'));
  const { name, server } = await display();
  const port = await freePort();
  const driver = spawn('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      HOME: home,
      XDG_DATA_HOME: home,
      XDG_CACHE_HOME: home,
      XDG_CONFIG_HOME: home,
      DISPLAY: name,
      GDK_BACKEND: 'x11',
      GSETTINGS_BACKEND: 'memory',
      NO_AT_BRIDGE: '1',
      LIBGL_ALWAYS_SOFTWARE: '1',
      // Its sandbox wants namespaces, which a container does not give.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    },
  });
  process.once('exit', () => driver.kill('SIGKILL'));
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const { value } = (await response.json()) as { value: { error?: string; message?: string } | null };
    if (!response.ok) throw new Error(`WebKit, ${path}: ${value?.error} ${value?.message}`);
    return value;
  };
  await until('WebKit’s driver', () => ask('GET', '/status').catch(() => false));
  const capabilities = {
    alwaysMatch: {
      'webkitgtk:browserOptions': {
        binary: '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser',
        args: ['--automation'],
      },
    },
  };
  const { sessionId } = (await ask('POST', '/session', { capabilities })) as { sessionId: string };
  const at = (path: string, body?: object): Promise<unknown> => ask('POST', `/session/${sessionId}${path}`, body ?? {});
  await at('/window/rect', { width: 390, height: 844 });
  const find = async (selector: string): Promise<string> =>
    ((await at('/element', { using: 'css selector', value: selector })) as Record<string, string>)[ELEMENT] ?? '';
  const run = (fn: (...args: never[]) => unknown, ...args: unknown[]) =>
    at('/execute/sync', { script: `return (${fn}).apply(null, arguments)`, args });
  return {
    goto: async (url) => void (await at('/url', { url })),
    reload: async () => void (await at('/refresh')),
    run: (fn, ...args) => run(fn as never, ...args) as never,
    async click(...wanted) {
      const found = (await run(inSight, ...wanted)) as Record<string, string> | null;
      if (found) await at(`/element/${found[ELEMENT]}/click`);
      return found !== null;
    },
    type: async (selector, text) => {
      const element = await find(selector);
      await at(`/element/${element}/clear`);
      await at(`/element/${element}/value`, { text });
    },
    choose: async (selector, path) => void (await at(`/element/${await find(selector)}/value`, { text: path })),
    picture: async () => Buffer.from((await ask('GET', `/session/${sessionId}/screenshot`)) as string, 'base64'),
    async close() {
      await ask('DELETE', `/session/${sessionId}`).catch(() => {});
      const ended = Promise.all([driver, server].map((process) => once(process, 'exit')));
      driver.kill();
      server.kill();
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
