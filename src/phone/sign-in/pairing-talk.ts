// After a sign-in by code that went well, phone and computer may agree to remember each other: it takes both persons' word.
import type { Bytes } from '../../protocol/encoding.ts';
import type { Message } from '../../protocol/messages.ts';
import { addComputer, confirmComputer, removeComputer } from '../pairing/computers.ts';
import { readInstallation } from '../pairing/stored.ts';

/** It can be offered, the computer has said yes, this side has, both have, or somebody has said no. */
export type PairingProgress = 'offered' | 'asked' | 'said' | 'kept' | 'declined';

/** What the talk needs of its sign-in. */
interface Line {
  say(message: Extract<Message<'followUp'>, { t: 'remember' }>): Promise<void>;
  show(progress: PairingProgress): void;
  /** The talk is over, and the session with it. */
  close(): void;
}

export class PairingTalk {
  readonly #firstKey: Bytes;
  readonly #line: Line;
  #progress: PairingProgress = 'offered';
  #pairingId: string | undefined;

  /** @param firstKey the key that the pairing would begin with, 32 bytes */
  constructor(firstKey: Bytes, line: Line) {
    this.#firstKey = firstKey;
    this.#line = line;
    line.show('offered');
  }

  /** The person's word. @param name what the computer is called here @throws ScankeyError `storage-failed` */
  async answer(yes: boolean, name: string): Promise<void> {
    if (yes) {
      const agreed = this.#progress === 'asked';
      this.#pairingId = await addComputer(this.#firstKey, name, agreed);
      this.#show(agreed ? 'kept' : 'said');
    } else this.#show('declined');
    const phone = yes ? { phone: await readInstallation() } : {};
    await this.#line.say({ v: 1, t: 'remember', yes, ...phone });
    if (!yes) this.#line.close();
  }

  /** The computer's word. */
  async hear(yes: boolean): Promise<void> {
    if (!yes) {
      if (this.#pairingId) await removeComputer(this.#pairingId).catch(() => {});
      return this.#show('declined');
    }
    if (this.#progress !== 'said' || !this.#pairingId) return this.#show('asked');
    // A vault that was locked meanwhile hears it from the computer's first request.
    await confirmComputer(this.#pairingId).catch(() => {});
    this.#show('kept');
  }

  /** The companion has nothing more of the session. */
  end(): void {
    if (this.#progress !== 'kept') this.#show('declined');
  }

  #show(progress: PairingProgress): void {
    this.#progress = progress;
    this.#line.show(progress);
  }
}
