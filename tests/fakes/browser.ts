// The browser of unit tests, in the place of webextension-polyfill (see vitest.config.ts): storage in memory, permissions in a set.
// Whatever a test needs beyond that it puts there itself, as in `fakeBrowser.tabs.get = …`.

type Values = Record<string, unknown>;

/** A storage area: what it gives is a copy, as in a browser. */
function area() {
  let values: Values = {};
  const named = (keys: string | string[] | null) =>
    keys === null ? Object.keys(values) : [keys].flat().filter((key) => key in values);
  return {
    get: async (keys: string | string[] | null): Promise<Values> =>
      structuredClone(Object.fromEntries(named(keys).map((key) => [key, values[key]]))),
    set: async (more: Values) => {
      values = { ...values, ...structuredClone(more) };
    },
    remove: async (keys: string | string[]) => {
      for (const key of named(keys)) delete values[key];
    },
    clear: async () => {
      values = {};
    },
  };
}

/** An event that a test fires itself: `await onAdded.fire(…)` waits for every listener. */
export function event<Args extends unknown[]>() {
  const listeners = new Set<(...args: Args) => unknown>();
  return {
    addListener: (listener: (...args: Args) => unknown) => void listeners.add(listener),
    removeListener: (listener: (...args: Args) => unknown) => void listeners.delete(listener),
    fire: (...args: Args) => Promise.all([...listeners].map((listener) => listener(...args))),
  };
}

const granted = new Set<string>();
const wanted = ({ origins = [], permissions = [] }: { origins?: string[]; permissions?: string[] }) => [
  ...origins,
  ...permissions,
];

const fakeBrowser = {
  storage: { local: area(), session: area(), managed: area(), onChanged: event<[object, string]>() },
  permissions: {
    getAll: async () => ({ origins: [...granted].filter((one) => one.includes('://')) }),
    contains: async (what: Parameters<typeof wanted>[0]) => wanted(what).every((one) => granted.has(one)),
    request: async (what: Parameters<typeof wanted>[0]) => {
      for (const one of wanted(what)) granted.add(one);
      return true;
    },
    remove: async (what: Parameters<typeof wanted>[0]) =>
      wanted(what)
        .map((one) => granted.delete(one))
        .some(Boolean),
    onAdded: event(),
    onRemoved: event(),
  },
  webRequest: { onBeforeRequest: event(), onCompleted: event(), onErrorOccurred: event() },
};
export default fakeBrowser;
