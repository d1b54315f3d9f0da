import type { RouteEvidence } from '../../contracts/evidence';
import type { Claim } from '../../contracts/report';
import { stsHost } from './addresses';
import { shortThumbprint } from './wording';

/** A sign that a device between client and STS ends TLS with a certificate of its own. */
export interface TlsInterception {
  /**
   * `other-issuer` = another certificate than at the last good sign-in, from another authority; `other-certificate` = from the same one;
   * `named` = its issuer calls itself so.
   */
  readonly kind: 'other-issuer' | 'other-certificate' | 'named';
  readonly claim: Claim;
}

/** Products and words that stand in the names of inspecting authorities. */
const inspectors =
  /inspect|interception|decrypt|man.?in.?the.?middle|zscaler|fiddler|blue ?coat|netskope|forti(gate|net)|palo ?alto|websense|forcepoint|mitmproxy|charles proxy|umbrella|check ?point|sophos|barracuda|web ?gateway|kaspersky|eset|avast|bitdefender/i;

/** Compares the STS's leaf certificate with the last good sign-in's; without one, its issuer's name. Null: no sign. */
export function tlsInterception(evidence: Pick<RouteEvidence, 'settings' | 'tls' | 'lastGood'>): TlsInterception | null {
  const host = stsHost(evidence);
  const facts = evidence.tls.find((entry) => entry.host === host);
  const leaf = facts?.chain[0];
  if (!facts || !leaf) return null;
  const then = evidence.lastGood?.tls.find((entry) => entry.host === host)?.sha1;
  const named = inspectors.test(leaf.issuer) || facts.chain.some(({ subject }, index) => index > 0 && inspectors.test(subject));
  const refs = [`tls:${host}`, `certificate:${leaf.sha1}`];
  if (then === leaf.sha1) return null;
  // The last good state knows leaves by thumbprint only; CRM's certificates of this run show who issues here.
  const usual = evidence.tls.filter((entry) => entry.host !== host && entry.chain[0]).map((entry) => entry.chain[0]?.issuer);
  if (then !== undefined) {
    const strange = named || (usual.length > 0 && !usual.includes(leaf.issuer));
    return {
      kind: strange ? 'other-issuer' : 'other-certificate',
      claim: {
        text:
          `The TLS certificate of ${host} is ${shortThumbprint(leaf.sha1)}, issued by ${leaf.issuer}; ` +
          `at the last good sign-in it was ${shortThumbprint(then)}.`,
        refs: [...refs, 'last-good'],
      },
    };
  }
  return named
    ? { kind: 'named', claim: { text: `The TLS certificate of ${host} is issued by ${leaf.issuer}, by its name an authority for inspection.`, refs } }
    : null;
}

/** True when the STS shows the certificate of the last good sign-in: nothing re-encrypts on the way that did not do so then. */
export function ownCertificate({ settings, tls, lastGood }: Pick<RouteEvidence, 'settings' | 'tls' | 'lastGood'>): boolean {
  const host = stsHost({ settings });
  const leaf = tls.find((entry) => entry.host === host)?.chain[0];
  return lastGood?.tls.some((entry) => entry.host === host && entry.sha1 === leaf?.sha1) ?? false;
}
