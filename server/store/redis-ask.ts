// How Redis is asked: what it does not answer in time is refused, and so is, at once, whatever is asked while an answer is overdue. A
// connection that went silent is then written to no more, which is how its end shows, and nothing heaps up behind it.

/** Asks `question`; `tooLate` is given an answer that nobody waits for any more. @throws Error where there is none in time */
export type Ask = <T>(question: () => Promise<T>, tooLate?: (answer: T) => void) => Promise<T>;

/**
 * @param withinMs an answer that takes longer is none: whoever asked says it again
 * @param isReady whether anybody can be asked at all
 */
export function newAsk(withinMs: number, isReady: () => boolean): Ask {
  let overdue = 0;
  return async (question, tooLate = () => {}) => {
    if (overdue > 0 || !isReady()) throw new Error('Redis does not answer');
    let isAnswered = false;
    const answer = question().finally(() => {
      isAnswered = true;
    });
    const late = Promise.withResolvers<never>();
    const give = () => {
      if (isAnswered) return;
      overdue++;
      const settled = () => void overdue--;
      void answer.then(tooLate, () => {}).finally(settled);
      late.reject(new Error('Redis does not answer'));
    };
    // What has come while this process was busy counts.
    const timer = setTimeout(() => setImmediate(give), withinMs);
    return Promise.race([answer, late.promise]).finally(() => clearTimeout(timer));
  };
}
