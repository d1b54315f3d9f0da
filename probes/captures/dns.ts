import { type DnsFacts, type Lookup } from '../network/lookup';

/** DNS facts of hosts, in the order given, each host once; a host without an address is a fact too. Never throws. */
export async function captureDns(hosts: readonly string[], lookup: Lookup): Promise<DnsFacts[]> {
  const answers = await Promise.all([...new Set(hosts)].map((host) => lookup.lookup(host)));
  return answers.map(({ host, addresses, error, source }) => ({ host, addresses, error, source }));
}
