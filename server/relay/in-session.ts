// One party of a session on its connection: it sends, acknowledges and ends, and hears what the other side has sent.
import type { LaterFrame } from '../../src/protocol/relay.ts';
import { Refusal } from '../http/problems.ts';
import type { Attendance, Attendant, Line, Services } from './attendant.ts';
import type { Party } from './session-record.ts';

type Rooms = Pick<Services, 'relay' | 'boxes'>;

/** The request for this session, if it came by one, was answered or given up: it waits no longer. */
export async function endRequest({ relay, boxes }: Rooms, { sid }: Party): Promise<void> {
  const box = (await relay.session(sid))?.box;
  if (box !== undefined) await boxes.drop(box, sid);
}

export class InSession implements Attendant {
  readonly #party: Party;
  readonly #rooms: Rooms;
  readonly #line: Line;
  /** Number of the last message that this side has heard. */
  #heard: number;
  /** What was last said of the other side. */
  #toldPeer = '';
  /** Numbers of messages that this side has acknowledged, and that are to be forgotten with what it says next, or then. */
  #acked: number[] = [];
  /** It is to look anyway, which covers all that happens until it does. */
  #looks = false;
  #stop = () => {};

  /** @param lastSeen number of the last message that this side had heard on an earlier connection, -1 for none */
  constructor(party: Party, lastSeen: number, rooms: Rooms, line: Line) {
    this.#party = party;
    this.#heard = lastSeen;
    this.#rooms = rooms;
    this.#line = line;
  }

  get is(): Attendance {
    if (this.#party.role === 'p') return 'phone';
    return this.#toldPeer === '' ? 'waiting' : 'browser';
  }

  async begin(): Promise<void> {
    this.#stop = await this.#rooms.relay.watch(this.#party.sid, () => {
      if (this.#looks) return;
      this.#looks = true;
      this.#line.enqueue(() => this.#tell());
    });
  }

  leave(): void {
    this.#stop();
  }

  /** Says what this side has not been told yet. */
  async #tell(): Promise<void> {
    this.#looks = false;
    const { sid, role } = this.#party;
    const session = await this.#rooms.relay.session(sid);
    if (!session) {
      const reason = await this.#rooms.relay.reasonOf(this.#party);
      return this.#line.refuse('session-gone', reason ? { reason } : {});
    }
    if (role === 'b' && session.phone) {
      const { near } = session.phone;
      const { second } = session;
      const peer = `${near} ${second}`;
      if (this.#toldPeer !== peer) this.#line.send({ t: 'peer', near, second });
      this.#toldPeer = peer;
    }
    for (const { n, m } of session[role === 'b' ? 'p' : 'b'].waiting) {
      if (n <= this.#heard) continue;
      this.#line.send({ t: 'msg', n, m });
      this.#heard = n;
    }
  }

  async #forget(): Promise<void> {
    const acked = this.#acked.splice(0);
    if (acked.length > 0) await this.#rooms.relay.ack(this.#party, acked);
  }

  async take(frame: LaterFrame): Promise<void> {
    const { relay } = this.#rooms;
    switch (frame.t) {
      case 'send':
        await relay.send(this.#party, frame, this.#acked.splice(0));
        return this.#line.send({ t: 'acked', n: frame.n });
      case 'ack':
        // After what has come with it.
        if (this.#acked.push(frame.n) === 1) this.#line.enqueue(() => this.#forget());
        return;
      case 'extend':
        return relay.extend(this.#party);
      case 'close':
        // Nothing stays that could be forgotten.
        this.#acked = [];
        await endRequest(this.#rooms, this.#party);
        return relay.end(this.#party, frame.reason);
      case 'ping':
        return this.#line.send({ t: 'pong' });
      default:
        throw new Refusal('out-of-order');
    }
  }
}
