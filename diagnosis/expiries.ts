import type { CertificateFacts, RouteEvidence } from '../contracts/evidence';
import type { Expiry } from '../contracts/report';
import { hostOf } from './facts/addresses';
import { encryptionCertificates } from './facts/encryption-certificate';
import { instant, listed } from './facts/wording';

const dayMs = 86_400_000;

export type ExpiriesInput = Pick<RouteEvidence, 'tls' | 'stsMetadata' | 'crmMetadata'> & {
  /** Names the hosts where a document does not. */
  readonly settings: Pick<RouteEvidence['settings'], 'url' | 'stsOrigin'>;
  /** ISO instant the days are counted from. */
  readonly now: string;
};

/**
 * When every other certificate of the sign-in ends: TLS of all hosts, CRM's encryption certificate, AD FS's decrypting certificate. The token-signing
 * certificate is the forecast's. The nearest first; each certificate of a host once.
 */
export function expiries({ tls, stsMetadata, crmMetadata, settings, now }: ExpiriesInput): Expiry[] {
  const list = new Map<string, Expiry>();
  const add = (what: Expiry['what'], host: string, { sha1, notAfter, subject }: CertificateFacts, ref: string): void => {
    const daysLeft = Math.floor((new Date(notAfter).getTime() - new Date(now).getTime()) / dayMs);
    const text = sentences[what](host, subject, `${daysLeft < 0 ? 'ended' : 'ends'} ${instant(notAfter)}`);
    list.set(`${what} ${host} ${sha1}`, { what, host, notAfter, daysLeft, breaksSignIn: what !== 'sts-encryption', text, refs: [`certificate:${sha1}`, ref] });
  };
  for (const { host, chain } of tls) {
    const [leaf, ...above] = chain;
    if (!leaf) continue;
    add('tls', host, leaf, `tls:${host}`);
    // An authority's certificate matters only when it ends before the server's own.
    for (const each of above) if (new Date(each.notAfter) < new Date(leaf.notAfter)) add('tls-chain', host, each, `tls:${host}`);
  }
  const crm = hostOf(crmMetadata?.url ?? settings.url) ?? settings.url;
  for (const each of crmMetadata ? encryptionCertificates(crmMetadata) : []) add('crm-encryption', crm, each, 'metadata:crm');
  const sts = hostOf(stsMetadata?.url ?? settings.stsOrigin) ?? settings.stsOrigin;
  for (const each of stsMetadata ? encryptionCertificates(stsMetadata) : []) add('sts-encryption', sts, each, 'metadata:sts');
  return [...list.values()].sort((a, b) => new Date(a.notAfter).getTime() - new Date(b.notAfter).getTime());
}

/**
 * Sources: docs/causes/tls-cert-expired.md, docs/causes/crm-encryption-cert-expired-or-revoked.md;
 * field guide §6.1 (renewal covers the decrypting certificate).
 */
const sentences: Readonly<Record<Expiry['what'], (host: string, subject: string, ends: string) => string>> = {
  tls: (host, _, ends) => `The TLS certificate of ${host} ${ends}; browsers refuse the host from then on.`,
  'tls-chain': (host, subject, ends) => `The authority's certificate ${subject}, which ${host} sends along, ${ends}, before the server's own.`,
  'crm-encryption': (host, _, ends) => `CRM's encryption certificate (${host}) ${ends}; AD FS may issue no token for CRM from then on.`,
  'sts-encryption': (host, _, ends) =>
    `AD FS's token-decrypting certificate (${host}) ${ends}. CRM does not depend on it; with automatic rollover AD FS renews it together with the signing one.`,
};

/** The same in half a line: "the TLS certificate of sts.contoso.com ends 2026-11-21 22:20 UTC". */
export function briefly({ what, host, notAfter, daysLeft }: Expiry): string {
  const names: Readonly<Record<Expiry['what'], string>> = {
    tls: `the TLS certificate of ${host}`,
    'tls-chain': `an authority's certificate in the TLS chain of ${host}`,
    'crm-encryption': `CRM's encryption certificate (${host})`,
    'sts-encryption': `AD FS's token-decrypting certificate (${host})`,
  };
  return `${names[what]} ${daysLeft < 0 ? 'ended' : 'ends'} ${instant(notAfter)}`;
}

/** Each certificate once, with all its hosts: a wildcard on four names is one renewal. */
export function perCertificate(list: readonly Expiry[]): readonly Expiry[] {
  const groups = new Map<string, Expiry[]>();
  for (const expiry of list) {
    const key = `${expiry.what} ${expiry.refs[0]}`;
    groups.set(key, [...(groups.get(key) ?? []), expiry]);
  }
  return [...groups.values()].flatMap(([first, ...others]) =>
    first
      ? [{ ...first, host: listed([first.host, ...others.map(({ host }) => host)]), refs: [...first.refs, ...others.flatMap(({ refs }) => refs.slice(1))] }]
      : [],
  );
}

/** Those that break sign-in within so many days, or have. */
export const threatening = (list: readonly Expiry[], warnDays: number): readonly Expiry[] =>
  list.filter(({ breaksSignIn, daysLeft }) => breaksSignIn && daysLeft < warnDays);
