// What libraries bring along and nothing here asks for.
import type { Plugin } from 'vite';

/**
 * Preact can set raw HTML. Our own code may not ask for it (the linter), and where the companion serves a page, Trusted Types forbid it;
 * but the store's linter warns of that one line in every package, and no warning is to be got used to. So it is taken out.
 */
export const withoutRawHtml: Plugin = {
  name: 'without-raw-html',
  transform: (code, id) => (id.includes('/node_modules/preact/') ? code.replaceAll('innerHTML', 'textContent') : null),
};

/** The KeePass library asks for Node's crypto where there is no Web Crypto; in a browser there is. */
export const withoutNodeCrypto: Plugin = {
  name: 'without-node-crypto',
  enforce: 'pre',
  resolveId: (id) => (id === 'crypto' ? '\0no-crypto' : null),
  load: (id) =>
    id === '\0no-crypto'
      ? 'export let createHash, createHmac, createCipheriv, createDecipheriv, randomBytes, webcrypto;'
      : null,
};

/** The KeePass library's own index gives on its types as values, which only its own compiler understands. */
const KEEPASS = `
  export * as Consts from 'kdbxweb/lib/defs/consts';
  export * as CryptoEngine from 'kdbxweb/lib/crypto/crypto-engine';
  export * as HashedBlockTransform from 'kdbxweb/lib/crypto/hashed-block-transform';
  export { KdbxCredentials as Credentials } from 'kdbxweb/lib/format/kdbx-credentials';
  export { Kdbx } from 'kdbxweb/lib/format/kdbx';
  export { KdbxEntry } from 'kdbxweb/lib/format/kdbx-entry';
  export { KdbxError } from 'kdbxweb/lib/errors/kdbx-error';
  export { KdbxFormat } from 'kdbxweb/lib/format/kdbx-format';
  export { ProtectedValue } from 'kdbxweb/lib/crypto/protected-value';
  export { Int64 } from 'kdbxweb/lib/utils/int64';
  export { VarDictionary } from 'kdbxweb/lib/utils/var-dictionary';
`;

/**
 * The KeePass library as it was written, in place of the bundle of it for browsers of 2015, which is larger and taken whole or not at
 * all. Its XML parser knows the names of HTML's characters, too, which no XML has.
 */
export const keePassAsWritten: Plugin = {
  name: 'keepass-as-written',
  enforce: 'pre',
  resolveId: (id) => (id === 'kdbxweb' ? '\0keepass' : null),
  load: (id) => (id === '\0keepass' ? KEEPASS : null),
  transform(code, id) {
    // Node's name of what a worker calls `globalThis`.
    if (id.includes('/kdbxweb/lib/')) return code.replace(/\bglobal\./g, 'globalThis.');
    if (!id.endsWith('/@xmldom/xmldom/lib/entities.js')) return null;
    return code.replace(/exports\.HTML_ENTITIES = freeze\(\{.*?\}\);/s, '');
  },
};
