// The extension for computers that somebody looks after, installed and updated from an address of their own: a CRX for Chrome and Edge,
// an XPI for Firefox, and beside each the manifest by which the browser finds the next version.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import writeCrx from 'crx3';
import { extensionArchive } from './archives.mjs';

/**
 * Writes them into `folder`, to be served as it is.
 * @param dist where the builds of both browsers are
 * @param url address of that folder
 * @param keyPath the operator's own key (PEM, RSA): by it Chrome knows the extension, so it has to stay
 * @param version of the extension, as in package.json
 * @returns the extension's id in Chrome, and the names of what was written
 */
export async function writeOwnArchives({ dist, url, keyPath, folder, version }) {
  if (!existsSync(keyPath)) throw new Error(`There is no key at ${keyPath}: openssl genrsa -out ${keyPath} 2048`);
  mkdirSync(folder, { recursive: true });
  const at = (name) => new URL(name, url.endsWith('/') ? url : `${url}/`).href;
  const [crx, xpi] = [`scankey-${version}.crx`, `scankey-${version}.xpi`];
  const chrome = extensionArchive(join(dist, 'chrome'), { key: undefined, version, update_url: at('updates.xml') });
  const { appId } = await writeCrx(Readable.from([Buffer.from(chrome)]), {
    ...{ keyPath, crxPath: join(folder, crx), xmlPath: join(folder, 'updates.xml') },
    ...{ crxURL: at(crx), appVersion: version, browserVersion: '121' },
  });
  const firefox = extensionArchive(join(dist, 'firefox'), (manifest) => {
    const { gecko, ...others } = manifest.browser_specific_settings;
    return { version, browser_specific_settings: { gecko: { ...gecko, update_url: at('updates.json') }, ...others } };
  });
  writeFileSync(join(folder, xpi), firefox);
  const { browser_specific_settings } = (await import('../manifest.json', { with: { type: 'json' } })).default;
  // No hash: Mozilla's signature is put into the file afterwards, and https is asked for.
  const updates = {
    addons: { [browser_specific_settings.gecko.id]: { updates: [{ version, update_link: at(xpi) }] } },
  };
  writeFileSync(join(folder, 'updates.json'), `${JSON.stringify(updates, null, 2)}\n`);
  return { id: appId, names: [crx, 'updates.xml', xpi, 'updates.json'] };
}
