// A companion on the loopback that says what a test lets it say.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Body = Record<string, unknown>;

/**
 * @param answer what is said to a GET of that path, or to a POST of a body; undefined, or an object with a `status`, is a problem
 */
export async function fakeCompanion(answer: (path: string, body: Body | undefined) => Body | undefined) {
  const asked: { path: string; body: Body | undefined }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString()) as Body) : undefined;
    const path = request.url ?? '/';
    asked.push({ path, body });
    const said = answer(path, body) ?? { status: 404, code: 'not-found' };
    const status = typeof said.status === 'number' ? said.status : 200;
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(said));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, asked, close: () => new Promise((resolve) => server.close(resolve)) };
}
export type FakeCompanion = Awaited<ReturnType<typeof fakeCompanion>>;
