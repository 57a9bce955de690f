/// <reference types="vite/types/importMeta.d.ts" />
/** The companion that a build speaks to until a person chooses another; set by the build. */
declare const DEFAULT_COMPANION: string;
/** SHA-256 (hex) of the build.json of each phone page that was released up to this build; null while one edits. Set by the build. */
declare const KNOWN_PHONE_PAGES: readonly string[] | null;

/** The address of a worker's own bundle, which the build makes. */
declare module '*?worker&url' {
  const address: string;
  export default address;
}

/** The name of the classic script that the build makes of a source, for the browser to inject. */
declare module '*?script&iife' {
  const name: string;
  export default name;
}

/** What makes a code, without what draws it on canvases and in terminals. */
declare module 'qrcode/lib/core/qrcode.js' {
  export { create } from 'qrcode';
}

/** The package, and not Node's deprecated module of the same name. */
declare module 'punycode/' {
  export function toUnicode(domain: string): string;
}
