import { BlockList, isIP } from 'node:net';
import type { Target } from '../../contracts/target';
import type { Lookup } from './lookup';
import { withoutBrackets } from './loopback';
import { within } from '../../system/within';

function blockList(v4: readonly (readonly [string, number])[], v6: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [address, bits] of v4) list.addSubnet(address, bits, 'ipv4');
  for (const [address, bits] of v6) list.addSubnet(address, bits, 'ipv6');
  return list;
}

/** Loopback, unspecified and link-local addresses: this machine, and services for it such as a cloud's metadata. */
const machine = blockList(
  [
    ['0.0.0.0', 8],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ],
  [
    ['::', 127],
    ['fe80::', 10],
  ],
);
/** Private and shared (carrier) addresses. */
const site = blockList(
  [
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
  ],
  [['fc00::', 7]],
);

/** Where an address leads to; IPv4 written as IPv6 counts as what it is. */
function reachOf(address: string): 'machine' | 'site' | 'elsewhere' {
  const family = isIP(address);
  if (family === 0) return 'elsewhere';
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  return machine.check(address, kind) ? 'machine' : site.check(address, kind) ? 'site' : 'elsewhere';
}

/** Whether an IP address belongs to this machine or a private network. */
export const isLocalAddress = (address: string): boolean => reachOf(address) !== 'elsewhere';

type Places = Pick<Target, 'url' | 'stsOrigin' | 'metadata'> &
  Partial<Pick<Target, 'resolve' | 'nodes'>> & { readonly allowHosts?: readonly string[] | undefined };

/** Why an address must not be asked for; null = it may. At once where no name is to be looked up. */
export type LocalNetworkRule = (asked: string) => string | null | Promise<string | null>;

/** The hosts (with port) a configuration names as places of the sign-in. */
export const configuredHosts = ({ url, stsOrigin, metadata }: Places): string[] => [
  ...new Set([url, stsOrigin, metadata.sts, metadata.crm].map((each) => new URL(each).host)),
];

/** A name server that takes longer has no say: behind a proxy, names may not be known here at all. */
const lookupWithinMs = 2_000;
/** More names than any sign-in uses: a page that asks for more keeps the name servers busy. */
const mostNames = 100;

/**
 * Keeps a probed page from this machine and its network. Allowed is what the configuration names: an address or localhost with that very port, a name
 * whatever its address, and the hosts of `allowHosts`. Any other name is looked up before it is asked for:
 * - addresses of the machine itself (loopback, link-local) only where a configured host has that very address and port;
 * - private addresses only where a configured host has one, too, or the name is in the domain of a configured host: on site, servers' names have private
 *   addresses, and from outside no page has any business there.
 * A name without an answer goes on: the browser will not find it either, or a proxy knows it.
 */
export function localNetworkRule({ url, stsOrigin, metadata, resolve = {}, nodes = {}, allowHosts = [] }: Places, lookup: Lookup): LocalNetworkRule {
  const places = [url, stsOrigin, metadata.sts, metadata.crm].map((each) => new URL(each));
  const hosts = new Set(places.map(({ host }) => host));
  const names = new Set([...places.map(({ hostname }) => plainName(hostname)), ...Object.keys(resolve), ...Object.keys(nodes), ...allowHosts]);
  const domains = places.map(({ hostname }) => hostname.split('.').slice(1).join('.')).filter((domain) => domain.includes('.'));
  const judged = new Map<string, string | null | Promise<string | null>>();
  const asked = new Set<string>();
  const addressesOf = async (name: string): Promise<readonly string[]> => (await lookup.lookup(name)).addresses;

  async function judge(name: string, host: string, port: string): Promise<string | null> {
    const addresses = await within(addressesOf(name), lookupWithinMs, []);
    const worst = addresses.find((address) => reachOf(address) === 'machine') ?? addresses.find((address) => reachOf(address) === 'site');
    if (worst === undefined) return null;
    const own = await within(
      Promise.all(places.map(async (place) => ({ port: portOf(place), addresses: await addressesOf(place.hostname) }))),
      lookupWithinMs,
      null,
    );
    if (reachOf(worst) === 'machine') {
      const same = own?.some((place) => place.port === port && place.addresses.includes(worst));
      return same ? null : refusal(host, `${worst}, an address of this machine`);
    }
    const inDomain = domains.some((domain) => name === domain || name.endsWith(`.${domain}`));
    // Not known where the configured hosts are: they go through a proxy, or will not be reached.
    const onSite = own === null || own.every((place) => place.addresses.length === 0) || own.some((place) => place.addresses.some(isLocalAddress));
    return inDomain || onSite ? null : refusal(host, `${worst}, an address of a private network, where no configured host is`);
  }

  return (address) => {
    if (!URL.canParse(address)) return null;
    const place = new URL(address);
    if (place.protocol === 'file:') return 'a page asked for a file of this machine';
    if (!['http:', 'https:'].includes(place.protocol)) return null;
    const name = plainName(place.hostname);
    if (isLocalAddress(name) || name === 'localhost' || name.endsWith('.localhost'))
      return hosts.has(place.host) || allowHosts.includes(name) ? null : refusal(place.host, 'an address of this machine or its network');
    if (isIP(name) !== 0 || names.has(name)) return null;
    const known = judged.get(place.host);
    if (known !== undefined) return known;
    asked.add(name);
    if (asked.size > mostNames) return `a page asked for more than ${mostNames} hosts`;
    const judging = judge(name, place.host, portOf(place));
    judged.set(place.host, judging);
    void judging.then((result) => judged.set(place.host, result));
    return judging;
  };
}

const refusal = (host: string, what: string): string => `a page asked for ${host}, ${what} that the configuration does not name (allowHosts would allow it)`;

/** As a name server knows it: no brackets, no dot at the end. */
const plainName = (hostname: string): string => withoutBrackets(hostname).replace(/\.$/, '').toLowerCase();

const portOf = ({ port, protocol }: URL): string => port || (protocol === 'https:' ? '443' : '80');
