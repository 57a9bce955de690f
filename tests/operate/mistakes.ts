// The proxies of deploy/ that Debian has, how each is run, and what their operators do wrong with them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Settings } from '../../server/app.ts';
import { type Network, readNetwork } from '../../server/http/addresses.ts';

const LIVE = '/etc/letsencrypt/live/id.example.org';

interface Configuration {
  file: string;
  /** Writes what the proxy is given beside `text`, and tells how it is run. */
  args(path: string, text: string): [string, string[]];
  before(): void;
}

const APACHE_MODULES = [
  'mpm_event',
  'authz_core',
  'ssl',
  'http2',
  'proxy',
  'proxy_http',
  'headers',
  'socache_shmcb',
  'reqtimeout',
];

export const CONFIGURATIONS = {
  caddy: {
    file: 'Caddyfile',
    before() {},
    args(path, text) {
      // In place of a certificate by ACME, the one of the house.
      writeFileSync(
        path,
        `{\n\tadmin off\n}\n${text.replace(/(\n\treverse_proxy)/, `\n\ttls ${LIVE}/fullchain.pem ${LIVE}/privkey.pem$1`)}`,
      );
      return ['/usr/bin/caddy', ['run', '--config', path, '--adapter', 'caddyfile']];
    },
  },
  nginx: {
    file: 'nginx.conf',
    before() {},
    args(path, text) {
      writeFileSync('/mnt/nginx-site.conf', text);
      mkdirSync('/var/log/nginx', { recursive: true });
      mkdirSync('/var/lib/nginx', { recursive: true });
      writeFileSync(
        path,
        'daemon off; pid /mnt/nginx.pid; error_log stderr; events {} http { access_log off; include /mnt/nginx-site.conf; }',
      );
      return ['/usr/sbin/nginx', ['-c', path]];
    },
  },
  haproxy: {
    file: 'haproxy.cfg',
    before() {
      mkdirSync('/etc/haproxy', { recursive: true });
      writeFileSync(
        '/etc/haproxy/id.example.org.pem',
        readFileSync(`${LIVE}/fullchain.pem`, 'utf8') + readFileSync(`${LIVE}/privkey.pem`, 'utf8'),
      );
    },
    args(path, text) {
      writeFileSync(path, text);
      return ['/usr/sbin/haproxy', ['-db', '-f', path]];
    },
  },
  apache: {
    file: 'apache.conf',
    before() {},
    args(path, text) {
      const modules = APACHE_MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`);
      writeFileSync(
        path,
        `ServerRoot /mnt\nServerName localhost\nPidFile /mnt/apache.pid\nListen 443\nUser www-data\nGroup www-data\nErrorLog /mnt/apache.log\n${modules.join('\n')}\n${text}`,
      );
      return ['/usr/sbin/apache2', ['-DFOREGROUND', '-f', path]];
    },
  },
} as const satisfies Record<string, Configuration>;
export type ProxyName = keyof typeof CONFIGURATIONS;

interface Mistake {
  name: string;
  proxy: ProxyName;
  edit?(text: string): string;
  set?: Partial<Settings>;
  extensionIds?: string[];
  /** Where the companion listens, and the address that its name has. */
  host?: string;
  address?: string;
  /** What the doctor has to say. */
  says: RegExp;
}

/** Takes a line out, or puts another in its place; that it was there is certain. */
const change =
  (line: string, other = '') =>
  (text: string) => {
    if (!text.includes(line)) throw new Error(`there is no ${line}`);
    return text.replace(line, other);
  };
const networks = (...texts: string[]): Network[] => texts.map(readNetwork).filter((one) => one !== undefined);
const caddyLine = (line: string) => change('127.0.0.1:8787', `127.0.0.1:8787 {\n\t\t${line}\n\t}`);

export const MISTAKES: readonly Mistake[] = [
  {
    name: 'Host is another',
    proxy: 'nginx',
    edit: change('Host $http_host', 'Host inside'),
    says: /^WRONG Host: .* nginx: proxy_set_header Host \$http_host;$/,
  },
  {
    name: 'Host is another',
    proxy: 'apache',
    edit: change('ProxyPreserveHost On', 'ProxyPreserveHost On\n  RequestHeader set Host inside'),
    says: /^WRONG Host: .* Apache: ProxyPreserveHost On$/,
  },
  {
    name: 'Host is another',
    proxy: 'caddy',
    edit: caddyLine('header_up Host {upstream_hostport}x'),
    says: /^WRONG Host: .* Caddy: .*header_up Host/,
  },
  {
    name: 'Host is another',
    proxy: 'haproxy',
    edit: change('default_backend', 'http-request set-header Host inside\n  default_backend'),
    says: /^WRONG Host: .* HAProxy: .*set-header Host/,
  },
  {
    name: 'the address is what anybody writes',
    proxy: 'nginx',
    edit: change('proxy_set_header X-Forwarded-For $remote_addr;'),
    says: /^WRONG X-Forwarded-For: .*anybody.* nginx: proxy_set_header X-Forwarded-For/,
  },
  {
    name: 'the address is what anybody writes',
    proxy: 'apache',
    edit: (text) => change('RequestHeader unset X-Forwarded-For early', 'ProxyAddHeaders Off')(text),
    says: /^WRONG X-Forwarded-For: .*anybody.* Apache: RequestHeader unset/,
  },
  {
    name: 'the address comes with a port',
    proxy: 'nginx',
    edit: change('X-Forwarded-For $remote_addr', 'X-Forwarded-For $remote_addr:$remote_port'),
    says: /^WRONG X-Forwarded-For comes with a port/,
  },
  {
    name: 'the address is missing',
    proxy: 'haproxy',
    edit: change('option forwardfor'),
    says: /^WRONG X-Forwarded-For is missing.* HAProxy: .*option forwardfor/,
  },
  {
    name: 'the address is missing',
    proxy: 'caddy',
    edit: caddyLine('header_up -X-Forwarded-For'),
    says: /^WRONG X-Forwarded-For is missing.* Caddy:/,
  },
  {
    name: 'WebSockets are not passed',
    proxy: 'nginx',
    edit: change('proxy_set_header Upgrade $http_upgrade;'),
    says: /^WRONG WebSockets .* nginx: .*Upgrade \$http_upgrade/,
  },
  {
    name: 'WebSockets are not passed',
    proxy: 'apache',
    edit: change(' upgrade=websocket'),
    says: /^WRONG WebSockets .* Apache: ProxyPass .*upgrade=websocket$/,
  },
  {
    name: 'WebSockets are not passed',
    proxy: 'haproxy',
    edit: change('default_backend', 'http-request del-header Upgrade\n  default_backend'),
    says: /^WRONG WebSockets .*del-header Upgrade/,
  },
  {
    name: 'bodies are cut',
    proxy: 'nginx',
    edit: change('client_max_body_size 8m;'),
    says: /^WRONG a backup of \d MiB does not come through \(413\)\. nginx: client_max_body_size 8m;$/,
  },
  {
    name: 'bodies are cut',
    proxy: 'caddy',
    edit: change('\treverse_proxy', '\trequest_body {\n\t\tmax_size 1MB\n\t}\n\treverse_proxy'),
    says: /^WRONG a backup of .* Caddy: request_body/,
  },
  {
    name: 'it is sent to another port',
    proxy: 'nginx',
    edit: change('127.0.0.1:8787', '127.0.0.1:8788'),
    says: /^WRONG the proxy does not reach the companion \(502\).* nginx: proxy_pass http:\/\/127\.0\.0\.1:8787;$/,
  },
  {
    name: 'it is sent to another port',
    proxy: 'caddy',
    edit: change('127.0.0.1:8787', '127.0.0.1:8788'),
    says: /^WRONG the proxy does not reach.* Caddy: reverse_proxy 127\.0\.0\.1:8787$/,
  },
  {
    name: 'a path stands before it',
    proxy: 'nginx',
    edit: change('location / {', 'location /scankey/ {'),
    says: /^WRONG something else answers at .*without a path before it/,
  },
  {
    name: 'the proxy is not named',
    proxy: 'caddy',
    set: { proxies: [] },
    says: /^WRONG the proxy is not believed: start the companion with --trust-proxy 127\.0\.0\.1$/,
  },
  {
    name: 'the companion knows of no proxy',
    proxy: 'caddy',
    set: { proxies: undefined },
    says: /^WRONG the companion was not told of the proxy: start it with --public-url$/,
  },
  {
    name: 'an extension is not admitted',
    proxy: 'caddy',
    extensionIds: ['a'.repeat(32)],
    says: /^WRONG extension a{32} is not admitted: .*--extension-id a{32}$/,
  },
  {
    name: 'what stands before it is no proxy of HTTP',
    proxy: 'haproxy',
    edit: change('mode http', 'mode tcp'),
    says: /^WRONG X-Forwarded-For: .*anybody.* HAProxy: mode http, http-request del-header X-Forwarded-For/,
  },
  {
    name: 'people’s own network is named as a proxy’s',
    proxy: 'caddy',
    set: { proxies: networks('127.0.0.1', '198.51.100.0/24') },
    address: '198.51.100.7',
    says: /^WRONG an address that people come from is named.*: start the companion with --trust-proxy 127\.0\.0\.1 alone/,
  },
  {
    name: 'its port is open to the network',
    proxy: 'nginx',
    host: '0.0.0.0',
    says: /^WRONG the companion listens on 0\.0\.0\.0, .* port 8787\. Start it with --host 127\.0\.0\.1$/,
  },
  {
    name: 'the certificate is another name’s',
    proxy: 'nginx',
    edit: (text) => change('fullchain.pem', 'other.pem')(change('privkey.pem', 'other.key')(text)),
    says: /^WRONG certificate: is for DNS:other\.example, not for id\.example\.org: .* nginx: ssl_certificate \/etc\/letsencrypt\/live\/id\.example\.org\/fullchain\.pem;/,
  },
  {
    name: 'the certificate was not renewed',
    proxy: 'nginx',
    edit: (text) => change('fullchain.pem', 'stale.pem')(change('privkey.pem', 'stale.key')(text)),
    says: /^WRONG certificate: ends on .*renewed by now$/,
  },
];
