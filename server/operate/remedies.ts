// The line to be changed, by what is wrong and which proxy stands in front.

const PROXIES = { nginx: 'nginx', Caddy: 'Caddy', Apache: 'Apache', HAProxy: '', Traefik: '' } as const;
type Proxy = keyof typeof PROXIES;

const NOTHING = 'hands it on by itself: take out what forbids that,';
const LINES = {
  reach: {
    nginx: 'proxy_pass http://127.0.0.1:PORT;',
    Caddy: 'reverse_proxy 127.0.0.1:PORT',
    Apache: 'ProxyPass / http://127.0.0.1:PORT/ upgrade=websocket',
    HAProxy: 'server here 127.0.0.1:PORT',
    Traefik: 'servers: [{ url: "http://127.0.0.1:PORT" }]',
  },
  host: {
    nginx: 'proxy_set_header Host $http_host;',
    Caddy: `${NOTHING} header_up Host …`,
    Apache: 'ProxyPreserveHost On',
    HAProxy: `${NOTHING} http-request set-header Host …`,
    Traefik: 'passHostHeader: true',
  },
  address: {
    nginx: 'proxy_set_header X-Forwarded-For $remote_addr;',
    Caddy: `${NOTHING} header_up X-Forwarded-For …`,
    Apache: 'RequestHeader unset X-Forwarded-For early, and no ProxyAddHeaders Off',
    HAProxy: 'mode http, http-request del-header X-Forwarded-For, then option forwardfor',
    Traefik: `${NOTHING} forwardedHeaders`,
  },
  upgrade: {
    nginx: 'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;',
    Caddy: `${NOTHING} header_up Connection … or header_up Upgrade …`,
    Apache: 'ProxyPass / http://127.0.0.1:PORT/ upgrade=websocket',
    HAProxy: `${NOTHING} http-request del-header Upgrade`,
    Traefik: `${NOTHING} a headers middleware`,
  },
  certificate: {
    nginx: 'ssl_certificate /etc/letsencrypt/live/NAME/fullchain.pem;',
    Caddy: 'NAME {',
    Apache: 'SSLCertificateFile /etc/letsencrypt/live/NAME/fullchain.pem',
    HAProxy: 'bind :443 ssl crt /etc/haproxy/NAME.pem',
    Traefik: 'rule: Host(`NAME`)',
  },
  body: {
    nginx: 'client_max_body_size 8m;',
    Caddy: 'request_body { max_size 8MB }',
    Apache: `${NOTHING} LimitRequestBody`,
    HAProxy: `${NOTHING} http-request deny … req.body_size`,
    Traefik: 'buffering: { maxRequestBodyBytes: 8388608 }',
  },
} as const satisfies Record<string, Record<Proxy, string>>;
export type Line = keyof typeof LINES;

/**
 * @param server the `Server` header of what was answered: HAProxy and Traefik do not say who they are
 * @param of the companion's port, and the name that it has
 */
export function lineFor(line: Line, server: string, { port, name }: { port: number; name: string }): string {
  const shown = Object.entries(PROXIES).find(([, sign]) => sign !== '' && server.startsWith(sign))?.[0];
  const proxies = (Object.keys(PROXIES) as Proxy[]).filter((name) => shown === undefined || name === shown);
  const written = (proxy: Proxy) => LINES[line][proxy].replace('PORT', String(port)).replace('NAME', name);
  return proxies.map((proxy) => `${proxy}: ${written(proxy)}`).join(' | ');
}
