// What a phone hears of its pairings: while somebody looks, whether the vault is open or not, and what it says back.
import { signal } from '@preact/signals';
import { expect, test, vi } from 'vitest';
import { requestsOf } from '../../src/phone/pairing/listening.ts';
import type { Computer } from '../../src/phone/pairing/sealed-pairings.ts';
import type { Socket } from '../../src/protocol/connection.ts';
import type { ServerFrame } from '../../src/protocol/relay.ts';

const BOX = 'B'.repeat(22);
const [SID, LATER] = ['S'.repeat(22), 'L'.repeat(22)];
const computer = { id: 'id', name: 'Library', box: BOX, token: 't', quietUntil: 0, state: { suspended: false } };
const call = { box: BOX, sid: SID, time: 1, proof: 'P'.repeat(43) };

function listening() {
  const isUnlocked = signal(false);
  const stored = signal<readonly Computer[]>([computer as Computer]);
  const computers = signal<readonly Computer[]>([]);
  const page = { visible: true, boxes: [{ box: BOX, token: 't' }] };
  const clock = { now: 1000, due: [] as (() => void)[] };
  const sockets: (Socket & { said: { t: string }[]; closed: boolean })[] = [];
  const ended: string[] = [];
  const requests = requestsOf({
    pairings: {
      computers,
      async load() {
        computers.value = isUnlocked.value ? stored.value : [];
      },
      async remove(id) {
        stored.value = stored.value.filter((one) => one.id !== id);
        computers.value = stored.value;
      },
      async silence(id) {
        computers.value = computers.value.map((one) =>
          one.id === id ? { ...one, quietUntil: clock.now + 60_000 } : one,
        );
      },
    },
    isUnlocked,
    connect() {
      const said: { t: string }[] = [];
      const socket = {
        ...{ said, closed: false, onopen: null, onmessage: null, onclose: null },
        send: (data: string) => void said.push(JSON.parse(data)),
        close() {
          this.closed = true;
        },
      };
      sockets.push(socket);
      return socket;
    },
    readBoxes: async () => page.boxes,
    isVisible: () => page.visible,
    now: () => clock.now,
    after: (_ms, work) => void clock.due.push(work),
    onEnded: (name) => void ended.push(name),
  });
  const none = undefined as never;
  const last = () => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error('nobody connects');
    return socket;
  };
  /** The companion takes the introduction and says `frame`. */
  const hear = (frame: ServerFrame) => {
    last().onopen?.(none);
    last().onmessage?.({ data: JSON.stringify(frame) });
  };
  const said = () => last().said.map(({ t }) => t);
  return { requests, isUnlocked, computers, stored, page, clock, sockets, ended, last, hear, said };
}
const calls: ServerFrame = { t: 'calls', calls: [call], ended: [] };

test('listens while somebody looks and there is a box, and stops at once', async () => {
  const { requests, page, sockets, last, said, hear } = listening();
  page.visible = false;
  await requests.listen();
  expect(sockets).toEqual([]);
  page.visible = true;
  await requests.listen();
  await requests.listen();
  expect(sockets).toHaveLength(1);
  hear(calls);
  await vi.waitFor(() => expect(requests.waitingRequests.value).toEqual([call]));
  expect(said()).toEqual(['listen']);
  requests.hush();
  expect(last().closed).toBe(true);
  expect(requests.waitingRequests.value).toEqual([]);
  page.boxes = [];
  await requests.listen();
  expect(sockets).toHaveLength(1);
});

test('a request is taken up once, and one of a computer that was declined just now is not shown', async () => {
  const { requests, isUnlocked, clock, hear, said } = listening();
  isUnlocked.value = true;
  await requests.listen();
  hear(calls);
  await vi.waitFor(() => expect(requests.waitingRequests.value).toHaveLength(1));
  await requests.quiet('id');
  expect(said()).toEqual(['listen', 'quiet']);
  expect(requests.waitingRequests.value).toEqual([]);
  clock.now += 60_001;
  hear({ ...calls, calls: [{ ...call, sid: LATER }] });
  await vi.waitFor(() => expect(requests.waitingRequests.value).toMatchObject([{ sid: LATER }]));
  expect(requests.takeUp({ ...call, sid: LATER })).toBe(true);
  expect(requests.takeUp({ ...call, sid: LATER })).toBe(false);
  expect(requests.waitingRequests.value).toEqual([]);
});

test('what was given up over there while the vault was locked is forgotten when it is opened', async () => {
  const { requests, isUnlocked, stored, ended, hear } = listening();
  await requests.listen();
  hear({ t: 'calls', calls: [], ended: [{ box: BOX, why: 'ended' }] });
  await requests.listen();
  expect(stored.value).toHaveLength(1);
  isUnlocked.value = true;
  await vi.waitFor(() => expect(ended).toEqual(['Library']));
  expect(stored.value).toEqual([]);
});

test('what is to be said waits for the connection, and is not said to nobody', async () => {
  const { requests, clock, hear, said } = listening();
  const push = { endpoint: 'https://push.example', p256dh: 'p', auth: 'a' };
  const reached = requests.reachBy(push);
  await vi.waitFor(() => expect(clock.due).toHaveLength(2));
  hear(calls);
  await vi.waitFor(() => expect(said()).toEqual(['listen', 'push']));
  hear({ t: 'pushing', on: true });
  expect(await reached).toBe(true);

  const alone = listening();
  const unheard = alone.requests.reachBy(push);
  await vi.waitFor(() => expect(alone.clock.due).toHaveLength(2));
  for (const due of alone.clock.due) due();
  expect(await unheard).toBe(false);
  expect(alone.said()).toEqual([]);
});

test('a pairing that is ended is gone here at once, also when nobody hears of it', async () => {
  const { requests, isUnlocked, stored, clock, last, said } = listening();
  isUnlocked.value = true;
  await vi.waitFor(() => expect(stored.value).toHaveLength(1));
  const ending = requests.endPairing('id', 'ended');
  await vi.waitFor(() => expect(clock.due).toHaveLength(1));
  expect(stored.value).toEqual([]);
  last().onopen?.(undefined as never);
  expect(said()).toEqual(['end-link']);
  for (const due of clock.due) due();
  await ending;
  expect(last().closed).toBe(true);
});
