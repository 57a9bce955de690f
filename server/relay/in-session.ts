// One party of a session on its connection: it sends, acknowledges and ends, and hears what the other side has sent.
import type { LaterFrame } from '../../src/protocol/relay.ts';
import { Refusal } from '../http/problems.ts';
import type { Attendant, Line, Services } from './attendant.ts';
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
  #stop = () => {};

  /** @param lastSeen number of the last message that this side had heard on an earlier connection, -1 for none */
  constructor(party: Party, lastSeen: number, rooms: Rooms, line: Line) {
    this.#party = party;
    this.#heard = lastSeen;
    this.#rooms = rooms;
    this.#line = line;
  }

  async begin(): Promise<void> {
    this.#stop = await this.#rooms.relay.watch(this.#party.sid, () => this.#line.enqueue(() => this.#tell()));
  }

  leave(): void {
    this.#stop();
  }

  /** Says what this side has not been told yet. */
  async #tell(): Promise<void> {
    const { sid, role } = this.#party;
    const session = await this.#rooms.relay.session(sid);
    if (!session) {
      const reason = await this.#rooms.relay.reasonOf(this.#party);
      return this.#line.refuse('session-gone', reason ? { reason } : {});
    }
    if (role === 'b' && session.phone) {
      const frame = { t: 'peer', near: session.phone.near, second: session.second } as const;
      if (this.#toldPeer !== JSON.stringify(frame)) this.#line.send(frame);
      this.#toldPeer = JSON.stringify(frame);
    }
    for (const { n, m } of session[role === 'b' ? 'p' : 'b'].waiting) {
      if (n <= this.#heard) continue;
      this.#line.send({ t: 'msg', n, m });
      this.#heard = n;
    }
  }

  async take(frame: LaterFrame): Promise<void> {
    const { relay } = this.#rooms;
    switch (frame.t) {
      case 'send':
        await relay.send(this.#party, frame);
        return this.#line.send({ t: 'acked', n: frame.n });
      case 'ack':
        return relay.ack(this.#party, frame.n);
      case 'extend':
        return relay.extend(this.#party);
      case 'close':
        await endRequest(this.#rooms, this.#party);
        return relay.end(this.#party, frame.reason);
      case 'ping':
        return this.#line.send({ t: 'pong' });
      default:
        throw new Refusal('out-of-order');
    }
  }
}
