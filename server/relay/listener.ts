// A phone that listens at its boxes: it hears what waits there, declines, and says where a push reaches it.
import { randomBytes } from 'node:crypto';
import type { LaterFrame, Push } from '../../src/protocol/relay.ts';
import { consume } from '../http/limits.ts';
import { Refusal } from '../http/problems.ts';
import type { Attendant, Line, Services } from './attendant.ts';
import type { Listening } from './boxes.ts';

export class Listener implements Attendant {
  readonly is = 'listening';
  #at: Listening;
  readonly #bucket: string;
  readonly #services: Services;
  readonly #line: Line;
  /** A subscription that is still to be proved, by the nonce that was pushed to it. */
  #proving: { nonce: string; push: Push } | undefined;
  /** Names of the boxes whose token it has shown. */
  #own: readonly string[] = [];
  #told = '';
  #stop = () => {};

  /** @param bucket what limits count by */
  constructor(at: Listening, bucket: string, services: Services, line: Line) {
    this.#at = at;
    this.#bucket = bucket;
    this.#services = services;
    this.#line = line;
  }

  async begin(): Promise<void> {
    const { boxes, limiters } = this.#services;
    await consume(limiters.listens, this.#bucket, 'rate-limited', Math.max(1, this.#at.length));
    const { own, heard } = await boxes.listen(this.#at, this.#bucket);
    this.#own = own;
    this.#at = heard;
    this.#stop = await boxes.attend(this.#own, () => this.#line.enqueue(() => this.#tell()));
  }

  leave(): void {
    this.#stop();
    this.#stop = () => {};
  }

  async #tell(): Promise<void> {
    const frame = await this.#services.boxes.waiting(this.#at);
    if (this.#told !== JSON.stringify(frame)) this.#line.send(frame);
    this.#told = JSON.stringify(frame);
  }

  async take(frame: LaterFrame): Promise<void> {
    switch (frame.t) {
      case 'ping':
        return this.#line.send({ t: 'pong' });
      case 'quiet':
        if (this.#own.includes(frame.box)) await this.#services.boxes.quiet(frame.box);
        return;
      case 'push':
        return this.#try(frame.push);
      case 'echo':
        return this.#prove(frame.nonce);
      default:
        throw new Refusal('out-of-order');
    }
  }

  async #try(push: Push): Promise<void> {
    await consume(this.#services.limiters.pushes, this.#bucket);
    this.#proving = { nonce: randomBytes(16).toString('base64url'), push };
    // What cannot be reached proves nothing; what can, comes back as an echo.
    const sent = await this.#services.pusher.sendTo(push, this.#proving.nonce);
    if (sent !== 'sent') this.#line.send({ t: 'pushing', on: false });
  }

  async #prove(nonce: string): Promise<void> {
    const proved = this.#proving?.nonce === nonce ? this.#proving.push : undefined;
    this.#proving = undefined;
    if (proved) await this.#services.boxes.reach(this.#own, proved);
    this.#line.send({ t: 'pushing', on: proved !== undefined });
  }
}
