// The tabs of unit tests and the documents in them, as `browser.tabs` and `browser.scripting` show them. A document has the same world
// of its own that a browser gives the extension there; what stands in a tab changes when the test says so.
import type { ContentApi, FillOrder, FillReport, Look } from '../../src/extension/page-api.ts';
import browser from './browser.ts';

export const SITE = 'https://site.example';

/** What a page looks like that asks for nothing. */
const NOTHING: Look = {
  mark: 'first',
  origin: SITE,
  title: 'Site',
  step: '',
  otp: false,
  extra: false,
  sets: '',
  rules: '',
  name: '',
  signIn: '',
  typed: false,
  fields: '',
  unfinished: false,
  unfilled: '',
  asksCode: false,
  sent: true,
  answer: 0,
  sentCode: false,
  stopped: '',
  obstacle: '',
  alert: '',
  lines: [],
  frames: [],
  status: 200,
  loaded: true,
};
export const lookOf = (change: Partial<Look> = {}): Look => ({ ...NOTHING, ...change });

export interface FakeDocument {
  /** Named by its mark, unless it is another document that shows the same. */
  documentId?: string;
  /** 0, the page itself, unless it is a frame. */
  frameId?: number;
  look: Look;
  /** What becomes of a step; a document fills in what it is asked for. */
  fill?(order: FillOrder): FillReport | Promise<FillReport>;
  /** It shows a dialog of its own: nothing runs in it, or its timers alone do not. */
  blocked?: boolean | 'timers';
  /** Globals of its world: `document`, where a proof is handed in. */
  world?: Record<string, unknown>;
}

interface Tab {
  url: string;
  pendingUrl?: string;
  incognito: boolean;
  /** undefined: a page where no extension may look. */
  documents: FakeDocument[] | undefined;
}

interface Injection {
  target: { tabId: number; documentIds?: string[]; allFrames?: boolean };
  files?: string[];
  func?: (...args: unknown[]) => unknown;
  args?: unknown[];
}

const idOf = ({ documentId, look }: FakeDocument): string => documentId ?? look.mark;

/** Puts tabs into the browser of unit tests. */
export function fakeTabs() {
  const tabs = new Map<number, Tab>();
  const filled: { document: string; order: FillOrder }[] = [];
  /** Documents in which typing is watched. */
  const watched = new Set<string>();
  /** Called when a tab is sent to an address. */
  const visits = { onVisit: (_url: string): void => {} };
  /** Where registered scripts run, by id. */
  const scripts = new Map<string, string[]>();
  /** Documents that have our script. */
  const injected = new Set<string>();
  const at = (tabId: number): Tab => {
    const tab = tabs.get(tabId);
    if (!tab) throw new Error(`No tab with id: ${tabId}`);
    return tab;
  };

  const contentOf = (document: FakeDocument): ContentApi => ({
    look: () => ({ ...document.look, text: document.look.lines.join('\n') }),
    async fill(order) {
      filled.push({ document: idOf(document), order });
      const done = order.newPassword ? 'entered' : 'filled';
      return document.fill?.(order) ?? { done, step: document.look.step || 'sign-in' };
    },
    // A page tells of no change here: it is looked at again when time has passed.
    change: (ms) => (ms === 0 && !document.blocked ? Promise.resolve(false) : new Promise(() => {})),
    watch: () => void watched.add(idOf(document)),
  });

  /** Runs `func` in a document's world. Its globals are there for as long as it does not wait. */
  function inside(document: FakeDocument, func: () => unknown): unknown {
    const scankey = injected.has(idOf(document)) ? contentOf(document) : undefined;
    const world: Record<string, unknown> = { ...document.world, scankey };
    const outside = Object.fromEntries(Object.keys(world).map((key) => [key, Reflect.get(globalThis, key)]));
    try {
      Object.assign(globalThis, world);
      return func();
    } finally {
      Object.assign(globalThis, outside);
    }
  }

  async function executeScript({ target, files, func, args = [] }: Injection) {
    const { tabId, documentIds, allFrames } = target;
    const { documents } = at(tabId);
    if (!documents) throw new Error('Cannot access contents of the page');
    const wanted = documents.filter((one) =>
      documentIds ? documentIds.includes(idOf(one)) : allFrames || !one.frameId,
    );
    if (documentIds && wanted.length === 0) throw new Error('No document with that id');
    if (wanted.some(({ blocked }) => blocked === true)) return new Promise<never>(() => {});
    if (files) for (const one of wanted) injected.add(idOf(one));
    return Promise.all(
      wanted.map(async (one) => ({
        frameId: one.frameId ?? 0,
        documentId: idOf(one),
        result: await inside(one, () => func?.(...args)),
      })),
    );
  }

  Object.assign(browser, {
    scripting: {
      executeScript,
      getRegisteredContentScripts: async () => [...scripts].map(([id, matches]) => ({ id, matches })),
      async registerContentScripts(more: { id: string; matches: string[] }[]) {
        for (const { id, matches } of more) {
          if (scripts.has(id)) throw new Error(`Duplicate script ID '${id}'`);
          scripts.set(id, matches);
        }
      },
      async unregisterContentScripts({ ids }: { ids: string[] }) {
        for (const id of ids) if (!scripts.delete(id)) throw new Error(`Nonexistent script ID '${id}'`);
      },
    },
    tabs: {
      get: async (id: number) => ({ id, ...at(id) }),
      async update(id: number, { url }: { url?: string }) {
        if (url !== undefined) visits.onVisit(url);
        return { id, ...at(id) };
      },
      async create({ url }: { url: string }) {
        const id = Math.max(0, ...tabs.keys()) + 1;
        tabs.set(id, { url, incognito: false, documents: [] });
        return { id };
      },
      remove: async (id: number) => void tabs.delete(id),
    },
  });

  return Object.assign(visits, {
    filled,
    scripts,
    watched,
    /** What stands in a tab from now on. */
    show(tabId: number, documents: FakeDocument[] | undefined, change: Partial<Tab> = {}) {
      const url = documents?.[0]?.look.origin ?? SITE;
      tabs.set(tabId, { incognito: false, ...tabs.get(tabId), url: `${url}/`, documents, ...change });
    },
    close: (tabId: number) => void tabs.delete(tabId),
    ids: () => [...tabs.keys()],
  });
}
export type FakeTabs = ReturnType<typeof fakeTabs>;
