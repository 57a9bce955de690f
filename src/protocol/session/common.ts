// What both machines share: how a table is read, and the changes that either side may make.
import type { Code } from '../errors.ts';
import { type CloseReason, LIMITS } from '../relay.ts';
import { type CommonEvent, ENDS, type Session, type Transition } from './types.ts';

/** What one cell of a table does: fields to change and effects to carry out, or nothing at all. */
export type Change<S, F> = (Partial<Omit<S, 'role'>> & { effects?: readonly F[] }) | 'refused';

type Row<S extends Session, E extends { t: string }, F> = {
  [Name in E['t']]?: (session: S, event: Extract<E, { t: Name }>, now: number) => Change<S, F>;
};

/** One row a state, one cell an event; a pair that is not there is refused. Of the ends, one that was told may have a row. */
export type Table<S extends Session, E extends { t: string }, F> = {
  [State in Exclude<S['state'], (typeof ENDS)[number]>]: Row<S, E, F>;
} & { done?: Row<S, E, F> };

/** A change that either side may make. */
interface SharedChange {
  state?: (typeof ENDS)[number];
  code?: Code;
  strikes?: number;
  effects?: readonly { t: 'close' }[];
}

export const same = () => ({});

export const strike = (session: Session): SharedChange =>
  session.strikes >= 2
    ? { state: 'failed', code: 'bad-message', strikes: session.strikes + 1, effects: [{ t: 'close' }] }
    : { strikes: session.strikes + 1 };

export const cancelled = (): SharedChange => ({ state: 'cancelled', effects: [{ t: 'close' }] });

export const expired = (): SharedChange => ({ state: 'expired', code: 'expired', effects: [{ t: 'close' }] });

/** The companion has no such session any more; the other side's reason says how that is told. */
export function gone(_session: Session, event: { code: Code; reason?: CloseReason }): SharedChange {
  if (event.reason === 'cancelled') return { state: 'cancelled' };
  if (event.reason === 'denied') return { state: 'denied' };
  if (event.reason === 'stale' || event.reason === 'suspended')
    return { state: 'failed', code: `link-${event.reason}` };
  return event.code === 'session-gone' ? { state: 'expired', code: 'expired' } : { state: 'failed', code: event.code };
}

export const hasEnded = (session: Session): boolean => (ENDS as readonly string[]).includes(session.state);

/** When `session` next wants a `tick`, in milliseconds since 1970. */
export const nextTick = (session: Session): number => Math.min(session.deadline, lastsUntil(session));

/** The hard cap of a session, in milliseconds since 1970. */
export const lastsUntil = ({ startedAt, extended }: Pick<Session, 'startedAt' | 'extended'>): number =>
  startedAt + (extended ? LIMITS.setUpMs : LIMITS.sessionMs);

/**
 * The pure machine over `table`: `(session, event, now) → transition`, `now` in milliseconds since 1970.
 * A session's hard cap counts as a `tick` past its deadline. A pair that has no place in the table changes nothing and
 * comes back `refused`.
 */
export function machine<S extends Session, E extends { t: string }, F>(table: Table<S, E | CommonEvent, F>) {
  return (session: S, event: E | CommonEvent, now: number): Transition<S, F> => {
    const row = table[session.state as keyof typeof table] as
      | Record<string, ((session: S, event: E | CommonEvent, now: number) => Change<S, F>) | undefined>
      | undefined;
    const isOver = hasEnded(session);
    if (event.t === 'tick' && !isOver && now < nextTick(session)) return { session, effects: [] };
    const change = row?.[event.t]?.(session, event, now) ?? 'refused';
    if (change === 'refused') return { session, effects: [], refused: isOver ? 'session-gone' : 'out-of-order' };
    const { effects = [], ...changed } = change;
    return { session: { ...session, ...changed }, effects };
  };
}
