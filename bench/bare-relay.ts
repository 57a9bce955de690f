// What the relay is measured against: a bare `ws` server that answers the same frames, keeps nothing on disk and checks nothing.
// `node bench/bare-relay.ts PORT`.
import { type WebSocket, WebSocketServer } from 'ws';

interface Session {
  b?: WebSocket;
  p?: WebSocket;
}

const sessions = new Map<string, Session>();
const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.argv[2]), perMessageDeflate: false });
server.on('connection', (socket) => {
  let sid = '';
  let role: 'b' | 'p' = 'b';
  const other = () => sessions.get(sid)?.[role === 'b' ? 'p' : 'b'];
  const say = (to: WebSocket | undefined, frame: object) => to?.send(JSON.stringify(frame));
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data));
    switch (frame.t) {
      case 'open':
        sid = frame.sid;
        sessions.set(sid, { b: socket });
        return say(socket, { t: 'opened' });
      case 'join': {
        [sid, role] = [frame.sid, 'p'];
        const session = sessions.get(sid);
        if (session) session.p = socket;
        say(socket, { t: 'joined', pk: 'A'.repeat(1622), near: true });
        return say(other(), { t: 'peer', near: true, second: false });
      }
      case 'send':
        say(socket, { t: 'acked', n: frame.n });
        return say(other(), { t: 'msg', n: frame.n, m: frame.m });
      case 'ping':
        return say(socket, { t: 'pong' });
      case 'close':
        for (const one of [socket, other()]) {
          say(one, { t: 'gone', problem: { code: 'session-gone', reason: frame.reason } });
          one?.close(1000);
        }
    }
  });
  socket.on('close', () => sessions.delete(sid));
});
server.on('listening', () => process.stdout.write('Scankey companion is running.\n'));
