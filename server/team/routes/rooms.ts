// What the team's routes work with; each takes of it what it needs.
import type { Limiters } from '../../http/limits.ts';
import type { Relay } from '../../relay/relay.ts';
import type { Answers } from '../answers.ts';
import type { Attempts } from '../attempts.ts';
import type { Escrows } from '../escrows.ts';
import type { Issuer } from '../issuer/issuer.ts';
import type { People } from '../people.ts';
import type { Providers } from '../providers/registry.ts';
import type { SignIns } from '../sign-ins.ts';
import type { SignedEvents } from '../signed-events.ts';
import type { SplitKeys } from '../split-keys.ts';
import type { Client } from '../team-file.ts';
import type { Visits } from '../visits.ts';
import type { BrowserCookie } from './request.ts';

export interface Rooms {
  /** The companion's own, and so the issuer's. */
  origin: string;
  clients: readonly Client[];
  privateComputers: boolean;
  providers: Providers;
  issuer: Issuer;
  people: People;
  signIns: SignIns;
  attempts: Attempts;
  answers: Answers;
  events: SignedEvents;
  splitKeys: SplitKeys;
  escrows: Escrows;
  visits: Visits;
  cookie: BrowserCookie;
  relay: Relay;
  limiters: Limiters;
  /** Folder of the built sign-in page. */
  page: string;
  isExtension(origin: string | undefined): boolean;
}
