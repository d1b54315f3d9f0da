import type { RouteEvidence } from '../../contracts/evidence';
import { clockSkews, harmlessSkewMs, skewWords, toleratedSkewMs } from './clocks';
import { encryptionMatch } from './encryption-certificate';
import { entityIdUnchanged, issuerNames } from './issuer-names';
import { realm } from './realm';

/** One look-alike of KB 2686840 that also ends in a refused token. */
export interface Twin {
  readonly name: 'clock skew' | 'audience' | 'encryption certificate' | 'issuer name';
  readonly state: 'refuted' | 'present' | 'open';
  readonly why: string;
  readonly refs: readonly string[];
}

type Parts = Pick<RouteEvidence, 'exchanges' | 'token' | 'stsMetadata' | 'crmMetadata' | 'wsdl' | 'clocks' | 'lastGood'>;

/** The four twins of a rollover (docs/causes/adfs-signing-cert-rolled.md), each refuted, present or left open by what is visible. */
export const rolloverTwins = (evidence: Parts): readonly Twin[] => [clockTwin(evidence), audienceTwin(evidence), encryptionTwin(evidence), nameTwin(evidence)];

/** Default token life of an AD FS trust, for tokens without a readable one (field guide §12). */
const defaultTokenLifeMs = 3_600_000;

/** How long the token lives: Expires − Created, or the default. */
export const tokenLifeMs = (token: RouteEvidence['token']): number =>
  token?.lifetime ? new Date(token.lifetime.expires).getTime() - new Date(token.lifetime.created).getTime() : defaultTokenLifeMs;

function clockTwin({ clocks, token }: Parts): Twin {
  const skew = clockSkews({ clocks })[0];
  if (!skew) return { name: 'clock skew', state: 'open', why: 'the clocks of both servers were not read', refs: [] };
  const refs = [`clock:${skew.crm.host}`, `clock:${skew.sts.host}`];
  const ahead = skew.skewMs > 0;
  const limitMs = ahead ? tokenLifeMs(token) + toleratedSkewMs : toleratedSkewMs;
  const state =
    Math.abs(skew.skewMs) - skew.uncertaintyMs > limitMs
      ? 'present'
      : Math.abs(skew.skewMs) <= harmlessSkewMs + skew.uncertaintyMs || ahead
        ? 'refuted'
        : 'open';
  return { name: 'clock skew', state, why: `CRM's clock is ${skewWords(skew)} the STS's`, refs };
}

function audienceTwin(evidence: Parts): Twin {
  const { state, appliesTo, wtrealm, scopes, asLastGood } = realm(evidence);
  const refs = ['token', 'metadata:crm'];
  if (state === 'in-scopes') return { name: 'audience', state: 'refuted', why: `the token is for ${appliesTo}, which is among CRM's scopes`, refs };
  if (asLastGood) return { name: 'audience', state: 'refuted', why: `the realm ${wtrealm} is the one of the last good sign-in`, refs: ['token', 'last-good'] };
  if (state === 'not-in-scopes')
    return { name: 'audience', state: 'present', why: `the token is for ${appliesTo}, which is not among CRM's scopes (${scopes.join(', ')})`, refs };
  return {
    name: 'audience',
    state: 'open',
    why: state === 'unknown' ? "CRM's scopes or the token's AppliesTo could not be read" : `${appliesTo} is written differently in CRM's scopes`,
    refs: [],
  };
}

function encryptionTwin(evidence: Parts): Twin {
  const match = encryptionMatch(evidence);
  const refs = ['token', 'metadata:crm'];
  if (match.state === 'match')
    return {
      name: 'encryption certificate',
      state: 'refuted',
      why: `the token is encrypted for the certificate CRM publishes (serial ${match.tokenFor.serial})`,
      refs,
    };
  if (match.state === 'not-encrypted') return { name: 'encryption certificate', state: 'refuted', why: 'the token is not encrypted', refs: ['token'] };
  if (match.state === 'mismatch')
    return {
      name: 'encryption certificate',
      state: 'present',
      why: `the token is encrypted for serial ${match.tokenFor.serial}, which CRM does not publish`,
      refs,
    };
  return { name: 'encryption certificate', state: 'open', why: match.why, refs: [] };
}

function nameTwin(evidence: Parts): Twin {
  const names = issuerNames(evidence);
  const refs = ['wsdl', 'metadata:sts'];
  if (names.state === 'same') return { name: 'issuer name', state: 'refuted', why: `CRM and the STS agree on the issuer's name ${names.sts}`, refs };
  if (names.state === 'different') return { name: 'issuer name', state: 'present', why: `CRM expects ${names.crm}, the STS calls itself ${names.sts}`, refs };
  if (entityIdUnchanged(evidence) === true)
    return { name: 'issuer name', state: 'refuted', why: "the STS's name is the one of the last good sign-in", refs: ['metadata:sts', 'last-good'] };
  return {
    name: 'issuer name',
    state: 'open',
    why: names.state === 'unknown' ? names.why : `the names differ in http/https only (${names.crm}, ${names.sts})`,
    refs: [],
  };
}
