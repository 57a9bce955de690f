// Apache with mod_auth_openidc: discovery and PKCE; the page behind it says whom it let in.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MODULES = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'auth_openidc', 'mime', 'dir', 'include'];

/** @param folder for its files @returns the command that serves it in the foreground */
export function apache(folder: string, env: Record<'ISSUER' | 'CLIENT' | 'SECRET' | 'PORT', string>): string[] {
  const said = { sub: 'sub', name: 'name', username: 'preferred_username', email: 'email' };
  const page = Object.entries(said).map(([key, claim]) => `"${key}":"<!--#echo var="OIDC_CLAIM_${claim}" -->"`);
  writeFileSync(join(folder, 'index.shtml'), `{${page.join()}}`);
  const file = join(folder, 'apache.conf');
  writeFileSync(
    file,
    `ServerRoot ${folder}
ServerName localhost
PidFile ${folder}/pid
Listen 127.0.0.1:${env.PORT}
User www-data
Group www-data
ErrorLog ${folder}/error.log
${MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
TypesConfig /dev/null
DocumentRoot ${folder}
DirectoryIndex index.shtml
AddType application/json .shtml
AddOutputFilter INCLUDES .shtml
OIDCProviderMetadataURL ${env.ISSUER}/.well-known/openid-configuration
OIDCClientID ${env.CLIENT}
OIDCClientSecret ${env.SECRET}
OIDCRedirectURI http://localhost:${env.PORT}/callback
OIDCCryptoPassphrase of-the-session
OIDCScope "openid profile email"
OIDCPKCEMethod S256
# A test's browser does not say that it shows pages.
OIDCUnAuthAction auth true
<Directory ${folder}>
  Options +Includes
</Directory>
<Location />
  AuthType openid-connect
  Require valid-user
</Location>
`,
  );
  return ['/usr/sbin/apache2', '-DFOREGROUND', '-f', file];
}
