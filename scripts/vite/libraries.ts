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
  load: (id) => (id === '\0no-crypto' ? 'export default {}' : null),
};
