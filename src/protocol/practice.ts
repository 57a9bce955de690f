// A companion's practice page, and the account that it takes: everybody knows it, and it is good for nothing else.
import { isLoopback } from './qr-link.ts';

export const PRACTICE = {
  path: '/practice',
  /** The same in every language: the phone knows the page by it. */
  title: 'Scankey practice',
  username: 'practice',
  password: 'scan-and-confirm',
} as const;

/**
 * Whether a request comes from a practice page, as far as a phone can tell. One that only says so is given what everybody knows.
 * @param own origin of the phone's page; on the companion's own computer the practice page is at another
 */
export const isPractice = ({ frameOrigin, title }: { frameOrigin: string; title: string }, own: string): boolean =>
  title === PRACTICE.title && (frameOrigin === own || isLoopback(new URL(frameOrigin).hostname));
