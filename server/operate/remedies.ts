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
    HAProxy: 'http-request del-header X-Forwarded-For, then option forwardfor',
    Traefik: `${NOTHING} forwardedHeaders`,
  },
  upgrade: {
    nginx: 'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;',
    Caddy: `${NOTHING} header_up Connection … or header_up Upgrade …`,
    Apache: 'ProxyPass / http://127.0.0.1:PORT/ upgrade=websocket',
    HAProxy: `${NOTHING} http-request del-header Upgrade`,
    Traefik: `${NOTHING} a headers middleware`,
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

/** @param server the `Server` header of what was answered: HAProxy and Traefik do not say who they are */
export function lineFor(line: Line, server: string, port: number): string {
  const shown = Object.entries(PROXIES).find(([, sign]) => sign !== '' && server.startsWith(sign))?.[0];
  const proxies = (Object.keys(PROXIES) as Proxy[]).filter((name) => shown === undefined || name === shown);
  return proxies.map((name) => `${name}: ${LINES[line][name].replace('PORT', String(port))}`).join(' | ');
}
