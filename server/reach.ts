// Where a companion is reached: by a reverse proxy's name, on the local network by a certificate of its own, or on this computer alone.
import type { NetworkInterfaceInfo } from 'node:os';

export interface Reach {
  /** Origin of the phone page, printed into every code. */
  phoneOrigin: string;
  /** Origins from which a phone may join. */
  pageOrigins: readonly string[];
  /** Names under which the companion answers, as `host[:port]`. */
  hosts: readonly string[];
  /** Its addresses on the local network, of which the first is printed into codes where no proxy stands in front. */
  addresses: readonly string[];
  /** HTTPS with a certificate of our own on the port above: good for a trial. */
  trial: boolean;
}

/** @param at the port for plain HTTP, an address to which it is bound, and a proxy's origin, where there are any */
export function reachOf(
  at: { port: number; host?: string | undefined; publicOrigin?: string | undefined },
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>,
  hostname: string,
): Reach {
  const { port, host, publicOrigin } = at;
  const addresses = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
    .filter((address) => host === undefined || host === '0.0.0.0' || host === '::' || host === address);
  // Behind a proxy, or on this computer alone, the phone page needs no certificate of ours.
  const lan = publicOrigin === undefined ? addresses[0] : undefined;
  // As browsers name them: without the port that is meant anyway.
  const originOf = (scheme: string, name: string, own: number) => new URL(`${scheme}://${name}:${own}`).origin;
  const here = originOf('http', 'localhost', port);
  const phoneOrigin = publicOrigin ?? (lan === undefined ? here : originOf('https', lan, port + 1));
  const names = ['localhost', '127.0.0.1', '[::1]', hostname, ...addresses];
  return {
    phoneOrigin,
    // Whoever runs something at that port of his own computer has no page of a companion that faces the public.
    pageOrigins:
      publicOrigin === undefined
        ? [...new Set([phoneOrigin, here, originOf('http', '127.0.0.1', port)])]
        : [publicOrigin],
    hosts: [
      ...names.flatMap((name) => [`${name}:${port}`, `${name}:${port + 1}`]),
      ...(port === 80 || port + 1 === 443 ? names : []),
      ...(publicOrigin === undefined ? [] : [new URL(publicOrigin).host]),
    ],
    addresses,
    trial: lan !== undefined,
  };
}
