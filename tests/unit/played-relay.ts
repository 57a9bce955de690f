// A companion's mailbox played in memory, with every wire in the test's hands: what is said waits until the test lets it through, and
// may be lost with its connection, said twice, swapped, or come late. Time passes when the test says so.
import type { Clock } from '../../src/protocol/clock.ts';
import type { Socket } from '../../src/protocol/connection.ts';
import {
  type CloseReason,
  type FirstFrame,
  type LaterFrame,
  LIMITS,
  type Role,
  type ServerFrame,
} from '../../src/protocol/relay.ts';

type Frame = FirstFrame | LaterFrame;

/** Time that stands still between two calls of `pass`. */
export class PlayedClock implements Clock {
  #now: number;
  #timers: { at: number; run: () => void }[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: Math.ceil(this.#now + ms), run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** Lets time pass up to the next timer, or for `ms` where that is sooner. @returns whether a timer ran */
  pass(ms: number): boolean {
    const [next] = this.#timers.toSorted((a, b) => a.at - b.at);
    const until = this.#now + ms;
    this.#now = Math.max(this.#now, next ? Math.min(next.at, until) : until);
    if (!next || next.at > this.#now) return false;
    this.#timers = this.#timers.filter((one) => one !== next);
    next.run();
    return true;
  }
}

const isExtend = (said: string): boolean => (JSON.parse(said) as Frame).t === 'extend';

interface Wire {
  role: Role;
  socket: Socket;
  /** What the party has said, and what it has not been told yet. */
  said: string[];
  told: ServerFrame[];
  /** It has said who it is; nobody is told anything before. */
  introduced: boolean;
}

export class PlayedRelay {
  /** What each has said, by number. */
  readonly #messages: Record<Role, string[]> = { b: [], p: [] };
  readonly #wires: Partial<Record<Role, Wire>> = {};
  #publicKey = '';
  #reason: CloseReason | undefined;
  #joined = false;
  #closed = false;
  /** Told that the session is to last longer. */
  extended = false;
  readonly #clock: Clock;
  readonly #opened: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#opened = clock.now();
  }

  /** A way to connect as one of the two. */
  connect(role: Role): () => Socket {
    return () => {
      const wire: Wire = { role, socket: {} as Socket, said: [], told: [], introduced: false };
      wire.socket = {
        send: (data) => void wire.said.push(data),
        close: () => {
          if (this.#wires[role] === wire) delete this.#wires[role];
        },
        onopen: null,
        onmessage: null,
        onclose: null,
      };
      this.#wires[role] = wire;
      queueMicrotask(() => wire.socket.onopen?.(undefined as never));
      return wire.socket;
    };
  }

  /** Whether anything waits to be let through, to or from that side. */
  waits(role: Role): boolean {
    const wire = this.#wires[role];
    return wire !== undefined && !this.#isHeld(wire) && wire.said.length + wire.told.length > 0;
  }

  /** A phone that comes before the browser has opened the session waits for it. */
  #isHeld({ role, said }: Wire): boolean {
    return role === 'p' && !this.#publicKey && !this.#closed && said.length > 0;
  }

  /** Lets one frame through: the party's oldest, or else the oldest for it. */
  let(role: Role): void {
    const wire = this.#wires[role];
    if (!wire || this.#isHeld(wire)) return;
    const said = wire.said.shift();
    if (said !== undefined) {
      wire.introduced = true;
      this.#hear(wire.role, JSON.parse(said) as Frame);
      return;
    }
    const told = wire.told.shift();
    if (told) wire.socket.onmessage?.({ data: JSON.stringify(told) });
  }

  /** The connection breaks: whatever was on it is lost. */
  cut(role: Role): void {
    const wire = this.#wires[role];
    delete this.#wires[role];
    wire?.socket.onclose?.(undefined as never);
  }

  /** What waits for that side comes twice, and so does what it asks for. */
  double(role: Role): void {
    const wire = this.#wires[role];
    if (!wire) return;
    wire.told = wire.told.flatMap((frame): ServerFrame[] => (frame.t === 'msg' ? [frame, frame] : [frame]));
    wire.said = wire.said.flatMap((said) => (isExtend(said) ? [said, said] : [said]));
  }

  /** Whether that side has asked for more time, and was not heard yet. */
  asksForTime(role: Role): boolean {
    return this.#wires[role]?.said.some(isExtend) ?? false;
  }

  /** What it asks for is never heard. */
  deafen(role: Role): void {
    const wire = this.#wires[role];
    if (wire) wire.said = wire.said.filter((said) => !isExtend(said));
  }

  /** What waits for that side comes in another order: no honest companion does that. */
  swap(role: Role): void {
    const wire = this.#wires[role];
    if (wire) wire.told.reverse();
  }

  #tell(role: Role, frame: ServerFrame): void {
    const wire = this.#wires[role];
    if (wire?.introduced) wire.told.push(frame);
  }

  #gone(role: Role): void {
    const reason = this.#reason ? { reason: this.#reason } : {};
    const problem = { type: 'about:blank', title: 'gone', status: 404, code: 'session-gone', ...reason } as const;
    this.#tell(role, { t: 'gone', problem });
  }

  #hear(role: Role, frame: Frame): void {
    const other: Role = role === 'b' ? 'p' : 'b';
    const mine = this.#messages[role];
    if (this.#clock.now() >= this.#opened + (this.extended ? LIMITS.setUpMs : LIMITS.sessionMs)) this.#closed = true;
    if (this.#closed) this.#gone(role);
    else if (frame.t === 'open') {
      this.#publicKey = frame.pk;
      this.#tell('b', { t: 'opened' });
      this.#tellOf('b', -1);
    } else if (frame.t === 'join') {
      const first = !this.#joined;
      this.#joined = true;
      this.#tell('p', { t: 'joined', pk: this.#publicKey, near: true });
      if (first) this.#tell('b', { t: 'peer', near: true, second: false });
      this.#tellOf('p', -1);
    } else if (frame.t === 'resume') {
      this.#tell(role, { t: 'resumed', next: mine.length });
      this.#tellOf(role, frame.lastSeen);
    } else if (frame.t === 'send') {
      if (frame.n === mine.length) {
        mine.push(frame.m);
        this.#tell(other, { t: 'msg', n: frame.n, m: frame.m });
      }
      this.#tell(role, { t: 'acked', n: frame.n });
    } else if (frame.t === 'close') {
      this.#closed = true;
      this.#reason = frame.reason;
      this.#gone(other);
    } else if (frame.t === 'extend') this.extended = true;
    else if (frame.t === 'ping') this.#tell(role, { t: 'pong' });
  }

  /** What is to be told of the other side: that it is there, and everything after `lastSeen` that it has said. */
  #tellOf(role: Role, lastSeen: number): void {
    if (role === 'b' && this.#joined) this.#tell('b', { t: 'peer', near: true, second: false });
    this.#messages[role === 'b' ? 'p' : 'b'].forEach((m, n) => {
      if (n > lastSeen) this.#tell(role, { t: 'msg', n, m });
    });
  }
}
