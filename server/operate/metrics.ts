// `--metrics`: what a companion counts, for Prometheus, on a port of its own that the public never has. Labels are words of closed
// lists: no address, no id, no name.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { isIP } from 'node:net';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Events } from '../http/events.ts';
import { ATTENDANCE, type Attendance } from '../relay/attendant.ts';
import type { Store } from '../store/store.ts';

/** Where it listens. */
export interface MetricsAt {
  host: string;
  port: number;
}

/** Seconds; a request or a write that takes longer than the last one is as bad as any other. */
const SECONDS = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10];
const ASKED = ['get', 'put', 'delete'] as const;

/** A page that has its own name lead to this computer asks by that name. */
const isAddress = (host = ''): boolean => {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return isIP(name) !== 0 || name === 'localhost';
};

export class Metrics {
  readonly #registry = new Registry();

  constructor() {
    // Processor, memory, how late the event loop is, collected garbage.
    collectDefaultMetrics({ register: this.#registry });
  }

  #counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter<L>({ name, help, labelNames, registers: [this.#registry] });
  #histogram = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Histogram<L>({ name, help, labelNames, buckets: SECONDS, registers: [this.#registry] });

  /** @returns `store`, of which each look and each write is timed, with the wait for the disk */
  timed(store: Store): Store {
    const took = this.#histogram('scankey_store_duration_seconds', 'Looks into the store, and writes until they last', [
      'operation',
    ]);
    const failed = this.#counter('scankey_store_failures_total', 'What the store did not do', ['operation']);
    for (const operation of ASKED) failed.inc({ operation }, 0);
    const clocked =
      <A extends unknown[], R>(operation: (typeof ASKED)[number], work: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        const end = took.startTimer({ operation });
        try {
          return await work(...args);
        } catch (error) {
          failed.inc({ operation });
          throw error;
        } finally {
          end();
        }
      };
    return {
      ...store,
      get: clocked('get', store.get),
      put: clocked('put', store.put),
      delete: clocked('delete', store.delete),
    };
  }

  /** Counts what happens from now on, and looks at the rest whenever it is asked. */
  watch(of: { events: Events; present: ReadonlySet<{ is: Attendance }>; store: Store; roomBytes: number }): void {
    const { events, present, store, roomBytes } = of;
    const answered = this.#histogram('scankey_http_request_duration_seconds', 'Requests that were answered', [
      'route',
      'status',
    ]);
    events.on('answered', (route, status, ms) =>
      answered.observe({ route, status: `${Math.floor(status / 100)}xx` }, ms / 1000),
    );
    const refused = this.#counter('scankey_refusals_total', 'Who was told no, by problem code', ['code', 'by']);
    events.on('refused', (code, by) => refused.inc({ code, by }));
    const opened = this.#counter('scankey_sessions_opened_total', 'Sessions that a browser has opened');
    events.on('opened', () => opened.inc());
    const joined = this.#counter('scankey_sessions_joined_total', 'Sessions that a phone has joined');
    events.on('joined', () => joined.inc());
    const ended = this.#counter('scankey_sessions_ended_total', 'Sessions that one side has ended', ['reason']);
    events.on('ended', (reason) => ended.inc({ reason }));
    const pushed = this.#counter('scankey_pushes_total', 'Pushes, by what became of them', ['result']);
    for (const result of ['sent', 'gone', 'failed']) pushed.inc({ result }, 0);
    events.on('pushed', (result) => pushed.inc({ result }));
    new Gauge({
      name: 'scankey_connections',
      help: 'WebSockets that are open',
      labelNames: ['kind'],
      registers: [this.#registry],
      collect() {
        for (const kind of ATTENDANCE) this.set({ kind }, 0);
        for (const { is } of present) this.inc({ kind: is });
      },
    });
    new Gauge({
      name: 'scankey_room_taken_bytes',
      help: 'What all records take; absent while the store does not say',
      registers: [this.#registry],
      async collect() {
        await store.bytes().then(
          (bytes) => this.set(bytes),
          () => this.remove(),
        );
      },
    });
    new Gauge({ name: 'scankey_room_bytes', help: 'What they may take (--room)', registers: [this.#registry] }).set(
      roomBytes,
    );
  }

  /** Answers `GET /metrics` there. @throws Error where that address cannot be had */
  async listen({ host, port }: MetricsAt): Promise<Server> {
    const bounds = { maxHeaderSize: 8 * 1024, headersTimeout: 5_000, requestTimeout: 10_000 };
    const server = createServer(bounds, async ({ method, url, headers }, response) => {
      if (!isAddress(headers.host)) response.writeHead(421).end();
      else if (method !== 'GET' || url !== '/metrics') response.writeHead(404).end();
      else {
        const text = await this.#registry.metrics();
        response.writeHead(200, { 'content-type': this.#registry.contentType, 'cache-control': 'no-store' }).end(text);
      }
    });
    server.maxConnections = 16;
    server.listen(port, host);
    await once(server, 'listening');
    return server;
  }
}
