import { BlockList, isIP } from 'node:net';
import type { Target } from '../../contracts/target';
import { withoutBrackets } from './loopback';

/** Loopback, private, link-local, shared (carrier) and unspecified addresses. */
const local = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  local.addSubnet(address, bits, 'ipv4');
for (const [address, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  local.addSubnet(address, bits, 'ipv6');

/** Whether an IP address belongs to this machine or a private network; IPv4 written as IPv6 counts as what it is. */
export function isLocalAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && local.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Addresses (patterns of CDP's Fetch) that may be local ones: the only requests besides documents that are looked at all the time. Browsers write an
 * IPv4 address with four numbers, however a page wrote it.
 */
export const localPatterns: readonly string[] = [
  'file:*',
  ...['localhost', '*.localhost', '0.*', '10.*', '100.*', '127.*', '169.254.*', '172.*', '192.168.*', '[*'].map((host) =>
    `*://${host}`.concat(host.endsWith('*') ? '' : '*'),
  ),
];

type Places = Pick<Target, 'url' | 'stsOrigin' | 'metadata'> & { readonly allowHosts?: readonly string[] };

/**
 * Keeps a probed page from this machine and its network: an address (or localhost, or a file) is asked for only where the configuration names that
 * very host and port, or `allowHosts` names the host. Names are not looked up here: on site, the servers' own names have private addresses.
 */
export function localNetworkRule({ url, stsOrigin, metadata, allowHosts = [] }: Places): (asked: string) => string | null {
  const configured = new Set([url, stsOrigin, metadata.sts, metadata.crm].map((each) => new URL(each).host));
  return (asked) => {
    if (!URL.canParse(asked)) return null;
    const { protocol, host, hostname } = new URL(asked);
    if (protocol === 'file:') return 'a page asked for a file of this machine';
    if (!['http:', 'https:'].includes(protocol)) return null;
    const name = withoutBrackets(hostname);
    const isLocal = isLocalAddress(name) || name === 'localhost' || name.endsWith('.localhost');
    if (!isLocal || configured.has(host) || allowHosts.includes(name)) return null;
    return `a page asked for ${host}, an address of this machine or its network that the configuration does not name (allowHosts would allow it)`;
  };
}
