import type { RouteEvidence } from '../../contracts/evidence';
import { stsHost } from './addresses';

/** The STS is on the machine the probe runs on. */
export interface OwnAddress {
  readonly host: string;
  readonly address: string;
  /** The last good sign-in over this route used Windows sign-in at this very address: what stops it now is something newer. Null: no such record. */
  readonly workedHere: boolean | null;
  /** Where the name led at the last good sign-in. */
  readonly before: readonly string[];
  /** It led elsewhere then. */
  readonly moved: boolean;
}

const isLoopback = (address: string): boolean => /^127\./.test(address) || address === '::1';

/** Reads whether the STS's name leads to an address of this machine (loopback addresses always do); null when it does not, or is unknown. */
export function ownAddress(evidence: Pick<RouteEvidence, 'settings' | 'dns' | 'ownAddresses' | 'lastGood'>): OwnAddress | null {
  const host = stsHost(evidence);
  const address = evidence.dns.find((entry) => entry.host === host)?.addresses.find((each) => isLoopback(each) || evidence.ownAddresses.includes(each));
  if (host === null || address === undefined) return null;
  const { lastGood } = evidence;
  const before = lastGood?.dns.find((entry) => entry.host === host)?.addresses ?? [];
  const moved = before.length > 0 && !before.includes(address);
  return { host, address, before, moved, workedHere: lastGood?.method === 'windows' && before.length > 0 ? !moved : null };
}

/** True when the STS's addresses are known, and none is this machine's. */
export const isElsewhere = (evidence: Parameters<typeof ownAddress>[0]): boolean => {
  const addresses = evidence.dns.find((entry) => entry.host === stsHost(evidence))?.addresses ?? [];
  return addresses.length > 0 && ownAddress(evidence) === null;
};
