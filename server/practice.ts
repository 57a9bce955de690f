// The practice page: a sign-in like any other, for an account that everybody knows. Nothing is kept, and nothing is behind it.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PRACTICE } from '../src/protocol/practice.ts';
import { consume, type Limiters } from './http/limits.ts';
import { PRACTICE_SCRIPT, pagesFor } from './http/pages.ts';

const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/**
 * Signs in without another page, as many sites do: Firefox takes the extension's sight of a tab away as that goes on, and the practice
 * is to end with what was seen. Where it does not run, or the answer is no page, the form is sent as forms are.
 */
const SCRIPT = `addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const main = page.querySelector('main');
    if (!main) throw new Error('no page');
    document.querySelector('main').replaceWith(main);
  } catch {
    form.submit();
  }
});
`;

type Page = Parameters<ReturnType<typeof pagesFor>['practice']>[0];
const show = (request: FastifyRequest, reply: FastifyReply, page: Page) =>
  reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', POLICY)
    .header('cache-control', 'no-store')
    .send(pagesFor(request.headers['accept-language']).practice(page));

export async function practicePage(app: FastifyInstance, limiters: Limiters): Promise<void> {
  await app.register(async (scope) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
      done(null, new URLSearchParams(String(body))),
    );
    scope.get(PRACTICE.path, async (request, reply) => show(request, reply, 'asks'));
    scope.get(PRACTICE_SCRIPT, async (_request, reply) => reply.type('text/javascript; charset=utf-8').send(SCRIPT));
    scope.post(PRACTICE.path, async (request, reply) => {
      await consume(limiters.practice, request.source.bucket);
      const typed = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const right = typed.get('username') === PRACTICE.username && typed.get('password') === PRACTICE.password;
      return show(request, right ? reply : reply.code(403), right ? 'signed-in' : 'wrong');
    });
  });
}
