// The extension for computers that somebody looks after, installed and updated from an address of their own: a CRX for Chrome and Edge,
// an XPI for Firefox, and beside each the manifest by which the browser finds the next version.
import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import writeCrx from 'crx3';
import { extensionArchive } from './archives.mjs';

/**
 * What is wrong with where the archives are to lie and with the key, in words for the operator; undefined where nothing is.
 * @param url as below, or undefined where there are to be none @param keyPath as below
 */
export function objectionTo(url, keyPath) {
  if (url === undefined) return keyPath === undefined ? undefined : '--key goes with --update-url.';
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:')
    return `--update-url has to be an https address, for browsers update from no other: ${url} is none.`;
  const { pathname, search, hash, username, password } = new URL(url);
  if (username || password)
    return '--update-url has to be an address without a name and a password: both would lie in every package.';
  if (search || hash || /\.(xml|json|crx|xpi)$/i.test(pathname))
    return `--update-url has to be the address of the folder in which the files will lie, without a file's name: ${url} is none.`;
  if (keyPath !== undefined && !existsSync(keyPath))
    return `There is no key at ${keyPath}: openssl genrsa -out ${keyPath} 2048`;
  if (keyPath !== undefined && !isRsaKey(keyPath))
    return `${keyPath} is no private RSA key without a passphrase (PEM), by which alone Chrome knows an extension: openssl genrsa -out ANOTHER-FILE 2048`;
  return undefined;
}

function isRsaKey(path) {
  try {
    return createPrivateKey(readFileSync(path)).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

/**
 * Makes `folder` anew, to be served as it is: all of one build, or as it was.
 * @param dist where the builds of both browsers are
 * @param url address of that folder, https: no browser updates from another
 * @param keyPath the operator's own key (PEM, RSA): by it Chrome knows the extension, so it has to stay; without it nothing is written for Chrome
 * @param version of the extension, as in package.json
 * @returns the extension's id in Chrome where there was a key, and the names of what was written
 * @throws Error, in words for the operator, where address or key will not do
 */
export async function writeOwnArchives({ folder, ...what }) {
  const objection = objectionTo(what.url, what.keyPath);
  if (objection) throw new Error(objection);
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  try {
    const written = await writeInto(unfinished, what);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
    return written;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

async function writeInto(folder, { dist, url, keyPath, version }) {
  const at = (name) => new URL(name, url.endsWith('/') ? url : `${url}/`).href;
  const [crx, xpi] = [`scankey-${version}.crx`, `scankey-${version}.xpi`];
  const names = [xpi, 'updates.json'];
  let id;
  if (keyPath !== undefined) {
    const chrome = await extensionArchive(join(dist, 'chrome'), {
      key: undefined,
      version,
      update_url: at('updates.xml'),
    });
    const { appId } = await writeCrx(Readable.from([Buffer.from(chrome)]), {
      ...{ keyPath, crxPath: join(folder, crx), xmlPath: join(folder, 'updates.xml') },
      // It stands in an attribute of XML as it is given.
      ...{ crxURL: at(crx).replaceAll('&', '&amp;'), appVersion: version, browserVersion: '121' },
    });
    id = appId;
    names.unshift(crx, 'updates.xml');
  }
  const firefox = await extensionArchive(join(dist, 'firefox'), (manifest) => {
    const { gecko, ...others } = manifest.browser_specific_settings;
    return { version, browser_specific_settings: { gecko: { ...gecko, update_url: at('updates.json') }, ...others } };
  });
  writeFileSync(join(folder, xpi), firefox);
  const { browser_specific_settings } = (await import('../manifest.json', { with: { type: 'json' } })).default;
  const { id: addon, strict_min_version } = browser_specific_settings.gecko;
  // No hash: Mozilla's signature is put into the file afterwards, and https is asked for.
  const update = { version, update_link: at(xpi), applications: { gecko: { strict_min_version } } };
  const updates = { addons: { [addon]: { updates: [update] } } };
  writeFileSync(join(folder, 'updates.json'), `${JSON.stringify(updates, null, 2)}\n`);
  return { id, names };
}
