// Auth.js: its own form is sent first; name and address from the ID token alone.
import { Auth, skipCSRFCheck } from '@auth/core';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const { ISSUER, CLIENT, SECRET, PORT } = process.env;
const config = {
  basePath: '/auth',
  secret: 'of the session, thirty-two characters',
  trustHost: true,
  skipCSRFCheck,
  providers: [{ id: 'scankey', name: 'Scankey', type: 'oidc', issuer: ISSUER, clientId: CLIENT, clientSecret: SECRET }],
  callbacks: {
    jwt: ({ token, profile }) =>
      profile ? { ...token, sub: profile.sub, username: profile.preferred_username } : token,
    session: ({ session, token }) => ({
      ...session,
      user: { ...session.user, sub: token.sub, username: token.username },
    }),
  },
};
const origin = `http://localhost:${PORT}`;
const app = new Hono();
app.get('/', (c) => {
  // A page's own form, which asks for it.
  const body = new URLSearchParams({ callbackUrl: `${origin}/me` });
  return Auth(new Request(`${origin}/auth/signin/scankey`, { method: 'POST', headers: c.req.header(), body }), config);
});
app.get('/me', async (c) => {
  const answer = await Auth(new Request(`${origin}/auth/session`, { headers: c.req.header() }), config);
  return c.json((await answer.json())?.user);
});
app.all('/auth/*', (c) => Auth(c.req.raw, config));
serve({ fetch: app.fetch, port: Number(PORT), hostname: 'localhost' });
