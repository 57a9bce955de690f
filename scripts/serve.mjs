// Runs the companion for as long as whoever started it: by the keyboard, by a signal, or because npm or the shell is gone.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const LOOK_MS = 500;

/** @param args of its command line; this process ends with it, with its exit code */
export function serve(args) {
  // The companion hears when this channel closes, whatever has become of this process.
  const server = spawn(process.execPath, [join(root, 'server/main.ts'), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    cwd: root,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill('SIGTERM'));
  // npm and its shell pass no signal on when they are ended themselves.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && server.kill('SIGTERM'), LOOK_MS).unref();
  server.on('exit', (code) => process.exit(code ?? 0));
}
