// Passport with Express: endpoints by hand, no PKCE, name and address from the userinfo endpoint.
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { Strategy } from 'passport-openidconnect';

const { ISSUER, CLIENT, SECRET, PORT } = process.env;
const app = express();
app.use(session({ secret: 'of the session', resave: false, saveUninitialized: false }));
passport.use(
  new Strategy(
    {
      issuer: ISSUER,
      authorizationURL: `${ISSUER}/oidc/auth`,
      tokenURL: `${ISSUER}/oidc/token`,
      userInfoURL: `${ISSUER}/oidc/me`,
      clientID: CLIENT,
      clientSecret: SECRET,
      callbackURL: `http://localhost:${PORT}/callback`,
      scope: ['profile', 'email'],
      skipUserProfile: false,
    },
    (_issuer, { id, displayName, username, emails }, done) =>
      done(null, { sub: id, name: displayName, username, email: emails?.[0]?.value }),
  ),
);
app.get('/', passport.authenticate('openidconnect', { session: false }));
app.get('/callback', passport.authenticate('openidconnect', { session: false }), (request, response) =>
  response.json(request.user),
);
app.listen(PORT, 'localhost');
