// What the page was opened with.

/** The fragment leaves the address bar, and so the history, before anything is awaited. */
export function takeFragment(): string {
  const fragment = location.hash.slice(1);
  if (fragment) history.replaceState(null, '', location.pathname);
  return fragment;
}

/** Loads the page anew, opened with `fragment`, or with another one that came meanwhile: in the address only for that moment. */
export function reloadWith(fragment: string): void {
  if (fragment && !location.hash) history.replaceState(null, '', `#${fragment}`);
  location.reload();
}
