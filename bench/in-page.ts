// The code of the content script as one text, to be run in a page's own world: there is no extension here.
import { join } from 'node:path';
import { build } from 'vite';

/** @param file below src/content; @param name what the page's world calls what that file exports */
export async function bundle(file: string, name: string): Promise<string> {
  const result = await build({
    configFile: false,
    root: join(import.meta.dirname, '..'),
    logLevel: 'warn',
    build: {
      write: false,
      minify: false,
      lib: { entry: join(import.meta.dirname, '../src/content', file), formats: ['iife'], name },
    },
  });
  const [first] = Array.isArray(result) ? result : [result];
  if (!first || !('output' in first)) throw new Error('no bundle');
  // Vite declares it with `var`, which stays inside an evaluated function.
  return first.output[0].code.replace(new RegExp(`^var ${name}\\s*=`, 'm'), `globalThis.${name} =`);
}
