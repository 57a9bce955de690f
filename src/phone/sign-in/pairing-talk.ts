// After a sign-in by code that went well, phone and computer may agree to remember each other: it takes both persons' word.
import type { Bytes } from '../../protocol/encoding.ts';
import type { Message } from '../../protocol/messages.ts';
import type { Pairings } from '../pairing/pairings.ts';

/** It can be offered, the computer has said yes, this side has, both have, or somebody has said no. */
export type PairingProgress = 'offered' | 'asked' | 'said' | 'kept' | 'declined';

/** What the talk needs of its sign-in, and of the phone. */
export interface Line {
  pairings: Pick<Pairings, 'add' | 'confirm' | 'remove'>;
  /** This installation's random name for itself. */
  readInstallation(): Promise<string>;
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
    if (this.#progress !== 'offered' && this.#progress !== 'asked') return;
    const { pairings, say, readInstallation, close } = this.#line;
    if (!yes) {
      this.#show('declined');
      await say({ v: 1, t: 'remember', yes });
      return close();
    }
    const agreed = this.#progress === 'asked';
    this.#pairingId = await pairings.add(this.#firstKey, name, agreed);
    this.#show(agreed ? 'kept' : 'said');
    await say({ v: 1, t: 'remember', yes, phone: await readInstallation() });
  }

  /** The computer's word. */
  async hear(yes: boolean): Promise<void> {
    const { pairings } = this.#line;
    if (!yes) {
      if (this.#pairingId) await pairings.remove(this.#pairingId).catch(() => {});
      return this.#show('declined');
    }
    if (this.#progress === 'offered') return this.#show('asked');
    if (this.#progress !== 'said' || !this.#pairingId) return;
    // A vault that was locked meanwhile hears it from the computer's first request.
    await pairings.confirm(this.#pairingId).catch(() => {});
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
