// Where a request comes from: the networks that it is on, as evidence of proximity, and what limits count it by. An address is seen
// by the companion itself, or vouched for by a proxy that its operator has named; any other tells nothing.
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** One of its addresses, and the number of leading bits that all of them share. */
export type Network = readonly [Address, number];
type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/** Why nothing is known of where somebody is: a proxy that was never told of, that is none of those named, that says nothing, or that
 * says the address of another one. */
export type Doubt = 'proxy-untold' | 'proxy-unnamed' | 'proxy-silent' | 'proxy-for-proxy';

export interface Source {
  /** What limits count by: an IPv4 address or IPv6 /64 that nobody can make up; the proxy's where it does not say for whom. */
  bucket: string;
  /** As much as one customer may have of such buckets: the same for IPv4, an IPv6 /48 (RFC 6177). */
  range: string;
  /** The networks that it is on: near is who shares one. Empty where nothing is known. */
  networks: readonly string[];
  /** What an operator could mend. */
  doubt?: Doubt;
}

/** Only private networks are the companion's own: a public interface's neighbours are strangers. */
const PRIVATE: readonly string[] = ['private', 'uniqueLocal'];
/** Many are in such a place at once, or anybody may be behind it. */
const NOWHERE: readonly string[] = ['loopback', 'linkLocal', 'unspecified', 'multicast', 'broadcast', 'teredo'];
/** IPv4 addresses in other words (RFC 6052, RFC 6145). */
const TRANSLATED: readonly string[] = ['rfc6052', 'rfc6145'];
/** Headers by which a proxy shows itself. */
const SIGNS = /^(forwarded|via|x-real-ip|x-forwarded-.+)$/;

function addressOf(text: string): Address | undefined {
  // The library also reads `127.1` and `0x7f000001`.
  if (isIP(text) === 0) return undefined;
  const address = ipaddr.process(text.replace(/%.*$/, ''));
  return TRANSLATED.includes(address.range()) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
}

/** @param text an address, or a network as `10.0.0.0/24` @returns undefined for anything else */
export function readNetwork(text: string): Network | undefined {
  const [start = '', bits] = text.split('/', 2);
  const address = addressOf(start);
  if (!address || start.includes('%') || text !== [start, bits].join(bits === undefined ? '' : '/')) return undefined;
  const all = address.kind() === 'ipv4' ? 32 : 128;
  const length = bits === undefined ? all : Number(/^\d+$/.exec(bits)?.[0]);
  return length >= 1 && length <= all ? [address, length] : undefined;
}

const isIn = (address: Address, [network, bits]: Network): boolean =>
  address.kind() === network.kind() && address.match(network, bits);

function nameOf([address, bits]: Network): string {
  if (bits === (address.kind() === 'ipv4' ? 32 : 128)) return `${address}/${bits}`;
  const bytes = address.toByteArray().map((byte, at) => byte & (0xff00 >> Math.min(8, Math.max(0, bits - at * 8))));
  return `${ipaddr.fromByteArray(bytes)}/${bits}`;
}

/** As little as one household has to itself, as far as an address tells. */
const householdOf = (address: Address): string => nameOf([address, address.kind() === 'ipv4' ? 32 : 64]);
const counted = (address: Address): Pick<Source, 'bucket' | 'range'> => {
  const bucket = householdOf(address);
  return { bucket, range: address.kind() === 'ipv4' ? bucket : nameOf([address, 48]) };
};

/** How long the system is believed what it has said of its interfaces: to ask costs more than all the rest of a connection. */
const INTERFACES_HOLD_MS = 5_000;
let asked: { at: number; networks: readonly Network[] } | undefined;
function networksNow(): readonly Network[] {
  const now = performance.now();
  if (!asked || now - asked.at > INTERFACES_HOLD_MS) asked = { at: now, networks: ownNetworks(networkInterfaces()) };
  return asked.networks;
}

/** The private networks that a computer with these interfaces is in, the narrowest first. */
export const ownNetworks = (interfaces: Interfaces): Network[] =>
  Object.values(interfaces)
    .flatMap((list) => (list ?? []).flatMap(({ cidr }) => cidr ?? []))
    .map((cidr): Network => ipaddr.parseCIDR(cidr))
    .filter(([address]) => PRIVATE.includes(address.range()))
    .sort(([, a], [, b]) => b - a);

function networksOf(address: Address, own: readonly Network[]): readonly string[] {
  if (NOWHERE.includes(address.range())) return [];
  const around = own.find((network) => isIn(address, network));
  return [around ? nameOf(around) : householdOf(address)];
}

/** Of a connection that no proxy has passed on. Who is at the companion's computer is in each of its networks. */
const seenAt = (address: Address, own: readonly Network[]): readonly string[] =>
  address.range() === 'loopback' ? ['loopback', ...own.map(nameOf)] : networksOf(address, own);

/** Whether `text` is an address where the public is not: this computer's own, or one of a private network. */
export function isInside(text: string): boolean {
  const address = addressOf(text);
  return address !== undefined && ['loopback', ...PRIVATE].includes(address.range());
}

/**
 * Where a request comes from. What a proxy says is believed of the last hop alone: all before it was written by whoever asks.
 * @param peer the other end of its connection
 * @param proxies the reverse proxies that are believed, none (`[]`) where one stands in front that nobody has named; undefined where
 *   people connect by themselves
 * @param own the private networks that the companion's computer is in
 */
export function sourceOf(
  peer: string,
  headers: IncomingHttpHeaders,
  proxies: readonly Network[] | undefined,
  own: readonly Network[] = networksNow(),
): Source {
  const seen = addressOf(peer);
  if (!seen) return { bucket: 'unknown', range: 'unknown', networks: [] };
  const unknown = { ...counted(seen), networks: [] };
  if (!proxies) {
    if (Object.keys(headers).some((name) => SIGNS.test(name))) return { ...unknown, doubt: 'proxy-untold' };
    return { ...unknown, networks: seenAt(seen, own) };
  }
  const isNamed = (address: Address) => proxies.some((network) => isIn(address, network));
  if (!isNamed(seen)) return { ...unknown, doubt: 'proxy-unnamed' };
  const hop = addressOf(
    String(headers['x-forwarded-for'] ?? '')
      .split(',')
      .at(-1)
      ?.trim() ?? '',
  );
  if (!hop) return { ...unknown, doubt: 'proxy-silent' };
  // Somebody at the proxy's own computer is nothing to be mended.
  if (NOWHERE.includes(hop.range()) || hop.toString() === seen.toString()) return unknown;
  // A proxy that speaks for a proxy hides who is behind that.
  if (isNamed(hop)) return { ...unknown, doubt: 'proxy-for-proxy' };
  return { ...counted(hop), networks: networksOf(hop, own) };
}
