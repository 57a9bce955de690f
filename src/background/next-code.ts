// The code that lies ready before anybody asks for one: the popup draws it at once. No code is ever handed out twice.
import { makeCode } from '../protocol/new-code.ts';
import { useCompanion } from './companion.ts';
import { allowCode } from './phone-page.ts';
import type { NextCode } from './storage.ts';
import * as storage from './storage.ts';

export class NextCodes {
  #before: Promise<unknown> = Promise.resolve();

  /** Draws the next code ahead of time, for the companion in force. @throws ScankeyError as `useCompanion` if it was never reached, and as `allowCode` */
  prepare(): Promise<NextCode> {
    return this.#inTurn(() => this.#make());
  }

  /** Takes the prepared code, and prepares another. @throws ScankeyError as `prepare` */
  async take(): Promise<NextCode> {
    const next = await this.#inTurn(async () => {
      const made = await this.#make();
      await storage.dropNext();
      return made;
    });
    void this.prepare().catch(() => {});
    return next;
  }

  /** One after the other: of two tabs that ask at once the second would find the first one's code still stored. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#before.then(work);
    this.#before = done.catch(() => {});
    return done;
  }

  async #make(): Promise<NextCode> {
    const companion = await storage.readCompanion();
    await allowCode(companion.relay);
    const phoneOrigin = companion.phoneOrigin ?? (await useCompanion(companion.relay)).phoneOrigin;
    const stored = await storage.readNext();
    if (stored?.origin === phoneOrigin) return stored;
    const next = await makeCode(phoneOrigin);
    await storage.writeNext(next);
    return next;
  }
}
