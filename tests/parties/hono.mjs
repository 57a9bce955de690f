// Hono's middleware: PKCE, and name and address from the ID token alone.
import { serve } from '@hono/node-server';
import { getAuth, initOidcAuthMiddleware, oidcAuthMiddleware, processOAuthCallback } from '@hono/oidc-auth';
import { Hono } from 'hono';

const { ISSUER, CLIENT, SECRET, PORT } = process.env;
const app = new Hono();
app.use(
  initOidcAuthMiddleware({
    OIDC_AUTH_SECRET: 'of the session, thirty-two characters',
    OIDC_ISSUER: ISSUER,
    OIDC_CLIENT_ID: CLIENT,
    OIDC_CLIENT_SECRET: SECRET,
    OIDC_REDIRECT_URI: `http://localhost:${PORT}/callback`,
  }),
);
app.get('/callback', (c) => {
  c.set('oidcClaimsHook', async (before, claims) => ({
    sub: claims?.sub ?? before?.sub,
    name: claims?.name ?? before?.name,
    username: claims?.preferred_username ?? before?.username,
    email: claims?.email ?? before?.email,
  }));
  return processOAuthCallback(c);
});
app.use('*', oidcAuthMiddleware());
app.get('/', async (c) => c.json(await getAuth(c)));
serve({ fetch: app.fetch, port: Number(PORT), hostname: 'localhost' });
