// What the page was opened with.

/** The fragment leaves the address bar, and so the history, before anything is awaited. */
export function takeFragment(): string {
  const fragment = location.hash.slice(1);
  if (fragment) history.replaceState(null, '', location.pathname);
  return fragment;
}
