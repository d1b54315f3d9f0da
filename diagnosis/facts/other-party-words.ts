import type { RouteEvidence } from '../../contracts/evidence';
import type { Certainty } from '../../contracts/words';
import { errorTexts, type ErrorSources } from './error-codes';
import { predecessor, type PrimaryChange, type StsReading } from './sts-certificates';
import { excerpt, shortThumbprint } from './wording';

/** How a relying party that is not CRM says that it does not know the key a token is signed with. */
export interface OtherPartyWords {
  readonly said: string;
  readonly ref: string;
  readonly certainty: Certainty;
  /** What the thumbprints in the words say; null where there are none. */
  readonly thumbprints: string | null;
}

/** Words of libraries, in the order of what they tell: a thumbprint, a failed signature, an unknown issuer. */
const words: readonly RegExp[] = [
  /invalid thumbprint/i, // passport-wsfed-saml2
  /message was signed, but signature could not be verified/i, // Shibboleth
  /unable to (?:verify|establish trust of) (?:message|token|assertion) sign/i,
  /signature (?:validation|verification) failed|invalid signature|signature is invalid|cannot verify (?:the )?signature/i,
  /IDX1050[0-9]|IDX10511|SecurityTokenSignatureKeyNotFound|SignatureKeyNotFound/i, // Microsoft.IdentityModel
  /\bID4175\b|IssuerNameRegistry/i, // WIF
];

/**
 * Reads such words, and the thumbprints in them: the one the relying party trusts and the one it met.
 * Those decide where they are the STS's old and new certificate.
 */
export function otherPartyWords(evidence: ErrorSources & Pick<RouteEvidence, 'lastGood'>, change: PrimaryChange, reading: StsReading): OtherPartyWords | null {
  for (const pattern of words) {
    const hit = errorTexts({ ...evidence, serverEvents: [] }).find(({ side, text }) => side === 'relying-party' && pattern.test(text));
    if (!hit) continue;
    const old = change.state === 'changed' ? change.then : reading.known ? (predecessor(reading)?.sha1 ?? null) : null;
    const now = change.state !== 'unknown' ? change.now : reading.known ? reading.primary.sha1 : null;
    const shown = [...hit.text.matchAll(/\b(?:[0-9a-f]{2}[:\s]?){20}\b/gi)].map(([text]) => text.replace(/[^0-9a-f]/gi, '').toUpperCase());
    const has = (sha1: string | null): boolean => sha1 !== null && shown.includes(sha1.toUpperCase());
    const said = excerpt(hit.text.slice(Math.max(0, hit.text.search(pattern) - 20)), 220);
    if (has(old) && has(now) && old !== null && now !== null)
      return {
        said,
        ref: hit.ref,
        certainty: 'confirmed',
        thumbprints: `it trusts ${shortThumbprint(old)}, the STS's former certificate, and met ${shortThumbprint(now)}, its present one`,
      };
    if (has(now) && now !== null)
      return {
        said,
        ref: hit.ref,
        certainty: change.state === 'changed' ? 'probable' : 'suspected',
        thumbprints: `it met ${shortThumbprint(now)}, the STS's present certificate`,
      };
    return { said, ref: hit.ref, certainty: change.state === 'changed' ? 'probable' : 'suspected', thumbprints: null };
  }
  return null;
}
