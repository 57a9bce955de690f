// Who on this node watches which keys: one subscription a key, however many watch it, which is there before anybody looks, and which all
// who watch hear of again after a connection was lost.
import type { News } from './store.ts';

/** One connection's subscriptions. */
export interface Subscriptions {
  open(name: string, told: (message: string, name: string) => void): Promise<void>;
  shut(name: string, told: (message: string, name: string) => void): Promise<void>;
  /** Names of those that are opened by themselves when a lost connection is back. */
  names(): Iterable<string>;
}
type Watcher = (news?: News) => void;
interface Channel {
  watchers: Set<Watcher>;
  /** Settled once Redis has answered. */
  isOpen: Promise<void>;
}

/**
 * @param keyOf the key of a channel's name
 * @returns `watch`: that of `Store`, over the names of channels; `again`: has all look, once a connection that was lost is back
 */
export function newWatch(subscriptions: Subscriptions, keyOf: (name: string) => string) {
  const channels = new Map<string, Channel>();
  const told = (message: string, name: string) => {
    // A node of an earlier version says nothing.
    const news = message === '' ? {} : { key: keyOf(name), rev: Number(message) };
    for (const changed of channels.get(name)?.watchers ?? []) changed(news);
  };
  // What cannot be shut while the connection is lost is when it is back.
  const shut = (name: string) => void subscriptions.shut(name, told).catch(() => {});

  async function enter(name: string, changed: Watcher): Promise<void> {
    const channel = channels.get(name) ?? { watchers: new Set(), isOpen: subscriptions.open(name, told) };
    channels.set(name, channel);
    channel.watchers.add(changed);
    await channel.isOpen;
  }

  async function leave(name: string, changed: Watcher): Promise<void> {
    const channel = channels.get(name);
    if (!channel?.watchers.delete(changed)) return;
    const wasOpen = await channel.isOpen.then(
      () => true,
      () => false,
    );
    // Somebody has come meanwhile, or it was shut for another who left.
    if (channels.get(name) !== channel || (wasOpen && channel.watchers.size > 0)) return;
    channels.delete(name);
    if (wasOpen) shut(name);
  }

  async function watch(names: readonly string[], changed: Watcher): Promise<() => void> {
    // Each is one watcher of its own, whoever else is called in the same way.
    const watcher: Watcher = (news) => changed(news);
    const stop = () => {
      for (const name of names) void leave(name, watcher);
    };
    try {
      await Promise.all(names.map((name) => enter(name, watcher)));
    } catch (error) {
      stop();
      throw error;
    }
    changed();
    return stop;
  }

  function again(): void {
    for (const name of subscriptions.names()) if (!channels.has(name)) shut(name);
    const all = new Set([...channels.values()].flatMap(({ watchers }) => [...watchers]));
    for (const changed of all) changed({});
  }

  return { watch, again };
}
