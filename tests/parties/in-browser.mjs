// A site that is a page alone (oidc-client-ts, which react-oidc-context is made of): no secret, its own code asks the companion.
import { createRequire } from 'node:module';
import express from 'express';

const { ISSUER, CLIENT, PORT } = process.env;
const settings = {
  authority: ISSUER,
  client_id: CLIENT,
  redirect_uri: `http://localhost:${PORT}/callback`,
  scope: 'openid profile email',
  loadUserInfo: true,
  fetchRequestCredentials: 'include',
};
const app = express();
const [main] = createRequire(import.meta.url)
  .resolve('oidc-client-ts')
  .split('/dist/');
app.get('/library.js', (_request, response) => response.sendFile(`${main}/dist/browser/oidc-client-ts.min.js`));
app.get(['/', '/callback'], (_request, response) =>
  response.send(`<!doctype html><html lang="en"><title>A site</title><body><script src="/library.js"></script><script>
const manager = new oidc.UserManager(${JSON.stringify(settings)});
const say = (what) => document.body.replaceChildren(Object.assign(document.createElement('pre'), { textContent: what }));
const tell = ({ profile: { sub, name, preferred_username: username, email } }) => say(JSON.stringify({ sub, name, username, email }));
(location.pathname === '/' ? manager.signinRedirect() : manager.signinCallback().then(tell)).catch(say);
</script></body></html>`),
);
app.listen(PORT, 'localhost');
