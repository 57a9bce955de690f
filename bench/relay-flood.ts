// Ill use of a relay, from one address: `node bench/relay-flood.ts KIND PORT`, until it is ended.
import type { WebSocket } from 'ws';
import { connect, newAddress, random } from './relay-load.ts';

const CONNECTIONS = 20;
const [kind = '', port = ''] = process.argv.slice(2);
const address = newAddress('192.168');
const say = (socket: WebSocket, frame: object | string) =>
  socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
const PING = `{"t":"ping"${' '.repeat(16 * 1024 - 12)}}`;
const boxes = Array.from({ length: 45 }, () => ({ box: random(16), token: random(32) }));

/** Says what `kind` says, as fast as it is taken. */
const kinds: Record<string, () => WebSocket> = {
  /** Frames as long as they may be that ask for next to nothing. */
  pings() {
    const socket = connect(Number(port), 'p', address, () => say(socket, PING));
    socket.on('open', () => {
      say(socket, { t: 'listen', boxes: [] });
      for (let i = 0; i < 20; i++) say(socket, PING);
    });
    return socket;
  },
  /** Messages that nobody fetches. */
  waiting() {
    const sid = random(16);
    let n = 0;
    const more = (socket: WebSocket) => say(socket, { t: 'send', n: n++, m: random(9_000) });
    const browser = connect(Number(port), 'b', address, (text) => {
      if (text.includes('"gone"')) return browser.terminate();
      if (!text.startsWith('{"t":"opened"')) return;
      const phone = connect(Number(port), 'p', address, (heard) => {
        if (heard.includes('"gone"')) browser.terminate();
        else more(phone);
      });
      phone.on('open', () => say(phone, { t: 'join', sid, tokenHash: random(32) }));
      browser.on('close', () => phone.terminate());
    });
    browser.on('open', () => say(browser, { t: 'open', sid, pk: random(1216), tokenHash: random(32) }));
    return browser;
  },
  /** A phone that listens at 45 boxes, again and again. */
  listen() {
    const socket = connect(Number(port), 'p', address, () => socket.terminate());
    socket.on('open', () => say(socket, { t: 'listen', boxes }));
    return socket;
  },
};

const begin = (): void => void kinds[kind]?.().on('close', () => setTimeout(begin, 5));
for (let i = 0; i < CONNECTIONS; i++) begin();
