// Every error leaves as a problem document, for a person's browser as a page, and for a site's library as OAuth has it; what is ours alone is logged by its kind.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { ProblemCode } from '../../src/protocol/errors.ts';
import type { Events } from './events.ts';
import { problem, Refusal } from './problems.ts';

/** How a team's failures are told. */
export interface TeamFailures {
  /** Addresses that libraries of OAuth ask, which read nothing that has no `error`. */
  oauthAt: RegExp;
  /** Addresses at which a person may arrive. */
  at: RegExp;
  page(code: ProblemCode, accepted: string | undefined): string;
}

/** OAuth's own word for it: of its codes those that say whose fault it is (RFC 6749 section 4.1.2.1; its section 5.2 has none for who has to wait). */
const oauthError = (status: number): string =>
  status === 429 || status >= 500 ? 'temporarily_unavailable' : 'invalid_request';

const codeFor = (status: number | undefined): ProblemCode => {
  if (status === 413) return 'too-large';
  if (status === 404) return 'not-found';
  if (status === 426) return 'upgrade-required';
  return status !== undefined && status < 500 ? 'bad-message' : 'store-unavailable';
};

/** A store that is lost is looked for all the time. */
const AGAIN_S = 5;

/** Only the kind of failure is logged: messages of libraries may quote what they were given. */
export const logFailure = (log: FastifyBaseLogger, error: unknown): void =>
  log.error({ failure: error instanceof Error ? error.name : 'unknown' }, 'request failed');

/** What never became a request, by what Node says of it: its status, and what we call that. All else is no HTTP. */
const UNREAD: Record<string, [status: number, code: ProblemCode]> = {
  // RFC 6585 section 5.
  HPE_HEADER_OVERFLOW: [431, 'too-large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'too-large'],
  // RFC 9110 section 15.5.9.
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'bad-message'],
};

/** Answers what the parser has refused, on the connection as it is, and ends that. */
export function unread(error: NodeJS.ErrnoException, socket: Socket, events?: Events): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, code] = UNREAD[error.code ?? ''] ?? [400, 'bad-message'];
  events?.emit('refused', code, 'http');
  const body = JSON.stringify({ ...problem(code), status });
  socket.write(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/problem+json',
      `content-length: ${body.length}`,
      'cache-control: no-store',
      'x-content-type-options: nosniff',
      'connection: close',
      `\r\n${body}`,
    ].join('\r\n'),
  );
  socket.destroySoon();
}

export function answerFailures(app: FastifyInstance, team: TeamFailures | undefined, events?: Events): void {
  app.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    const code = error instanceof Refusal ? error.code : codeFor(error.statusCode);
    events?.emit('refused', code, 'http');
    if (code === 'store-unavailable') logFailure(request.log, error);
    // A provider's own number says what an operator has to mend; the rest of its answer stays here.
    if (error instanceof Refusal && error.said !== undefined) request.log.warn({ code, said: error.said }, 'provider');
    const document = problem(code, {
      ...(code === 'store-unavailable' ? { retryAfter: AGAIN_S } : {}),
      ...(error instanceof Refusal ? error.extra : {}),
      instance: `/requests/${request.id}`,
    });
    const { retryAfter } = document;
    // RFC 9110 section 10.2.3.
    if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
    const navigates = request.method === 'GET' && request.headers['sec-fetch-mode'] === 'navigate';
    if (team && navigates && team.at.test(request.url))
      return reply.code(document.status).type('text/html').send(team.page(code, request.headers['accept-language']));
    if (team?.oauthAt.test(request.url)) {
      const said = { error: oauthError(document.status), error_description: document.title };
      return reply
        .code(document.status)
        .type('application/json')
        .send(JSON.stringify({ ...said, ...document }));
    }
    return reply.code(document.status).type('application/problem+json').send(JSON.stringify(document));
  });
  app.setNotFoundHandler(() => {
    throw new Refusal('not-found');
  });
}
