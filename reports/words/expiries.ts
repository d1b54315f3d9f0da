/** Certificates that end, in words; a certificate on several hosts is said once. */
import type { Expiry, Result } from '../../contracts/report';
import { dayMs, dayText, instantMs, whenText } from './time';

export const expiryLabels: Readonly<Record<Expiry['what'], string>> = {
  tls: 'TLS certificate',
  'tls-chain': 'authority’s certificate in the TLS chain',
  'crm-encryption': 'CRM encryption certificate',
  'sts-encryption': 'AD FS token-decrypting certificate',
};

export interface ExpiryGroup {
  readonly first: Expiry;
  readonly hosts: readonly string[];
  /** Thumbprint; the hosts where the reference has none. */
  readonly certificate: string;
}

/** Each certificate once, in the given order. */
export const expiryGroups = (list: readonly Expiry[]): readonly ExpiryGroup[] => {
  const groups = new Map<string, ExpiryGroup>();
  for (const expiry of list) {
    const certificate = expiry.refs.find((ref) => ref.startsWith('certificate:'))?.slice('certificate:'.length) ?? expiry.host;
    const key = `${expiry.what} ${certificate}`;
    const known = groups.get(key);
    const hosts = [...new Set([...(known?.hosts ?? []), expiry.host])];
    groups.set(key, { first: known?.first ?? expiry, hosts, certificate });
  }
  return [...groups.values()];
};

/** Those that end within so many days after `now`, or have ended. */
const soonEnding = (list: readonly Expiry[], now: string, warnDays: number): readonly Expiry[] =>
  list.filter(({ notAfter }) => (instantMs(notAfter) ?? 0) - (instantMs(now) ?? 0) < warnDays * dayMs);

/** What ends soon by any of the results, each certificate once, in lines. */
export const endingLines = (results: readonly Result[], now: string): readonly string[] =>
  expiryGroups(results.flatMap((result) => soonEnding(result.expiries, now, result.settings.warnDays))).map((group) => expiryText(group, now));

/** `TLS certificate of sts.contoso.com: ends 21 Nov 2026, in 3 days` */
const expiryText = ({ first, hosts }: ExpiryGroup, now: string): string =>
  `${expiryLabels[first.what]} of ${hosts.join(', ')}: ${(instantMs(first.notAfter) ?? 0) < (instantMs(now) ?? 0) ? 'ended' : 'ends'} ` +
  `${dayText(first.notAfter)}, ${whenText(now, first.notAfter)}` +
  (first.breaksSignIn ? '' : ' (AD FS renews it by itself; CRM does not depend on it)');
