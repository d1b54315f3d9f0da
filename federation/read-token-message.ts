import type { X509Certificate } from 'node:crypto';
import type { CertificateFacts, TokenFacts } from '../contracts/evidence';
import { findToken, type TokenPlace } from './find-token';
import type { OpenedXml } from './gate';
import type { GateRefusal } from './gate-limits';
import { instant } from './instant';
import { readAssertion } from './read-assertion';
import { encryptionSentence, readEncryption } from './read-encryption';
import { faultSentence, type Fault } from './read-fault';
import { missingPart } from './required-parts';
import { judgeSignature, worstJudgement, type LineEndings, type SignatureJudgement } from './signature';
import { childNamed, endpointAddress, namespaces, textOf, shownName } from './xml-elements';

export type MessageRefusal = GateRefusal | 'ambiguous';

/** Everything readable of a message with a token (or an error in its place). */
export interface TokenMessage {
  readonly kind: 'wresult' | 'assertion' | 'fault' | 'unknown';
  readonly refused: MessageRefusal | null;
  readonly why: string;
  readonly facts: Omit<TokenFacts, 'bytes' | 'postedTo' | 'unreadable' | 'decryption'>;
  readonly signerSha1: string | null;
  readonly lineEndings: LineEndings;
  /** Certificates the signature names. */
  readonly offered: readonly CertificateFacts[];
  /** The name identifier, whole. */
  readonly subject: string | null;
  readonly fault: Fault | null;
}

const noFacts: TokenMessage['facts'] = {
  type: null,
  encrypted: false,
  encryptedFor: null,
  dataAlgorithm: null,
  keyAlgorithm: null,
  lifetime: null,
  appliesTo: null,
  issuer: null,
  audience: null,
  notBefore: null,
  notOnOrAfter: null,
  authenticationMethod: null,
  claims: [],
  signer: null,
  signature: 'absent',
};

const empty: Omit<TokenMessage, 'kind' | 'why'> = {
  refused: null,
  facts: noFacts,
  signerSha1: null,
  lineEndings: 'as-is',
  offered: [],
  subject: null,
  fault: null,
};

/** A message that could not be read at all. */
export const refusedMessage = (kind: TokenMessage['kind'], refused: MessageRefusal, why: string): TokenMessage => ({
  ...empty,
  kind,
  refused,
  why,
  facts: { ...noFacts, signature: refused === 'ambiguous' ? 'ambiguous' : 'absent' },
});

type FoundToken = Extract<TokenPlace, { found: 'token' }>;

/** Lifetime, AppliesTo and TokenType stand outside the token, readable even where it is encrypted (field guide §3.1). */
const frameOf = ({ kind, response }: FoundToken): Pick<TokenMessage['facts'], 'lifetime' | 'appliesTo' | 'type'> => {
  if (kind !== 'wresult' || !response) return { lifetime: null, appliesTo: null, type: null };
  const lifetime = childNamed(response, 'Lifetime');
  const created = instant(textOf(childNamed(lifetime, 'Created')));
  const expires = instant(textOf(childNamed(lifetime, 'Expires')));
  return {
    lifetime: created !== null && expires !== null ? { created, expires } : null,
    appliesTo: endpointAddress(childNamed(response, 'AppliesTo')),
    type: textOf(childNamed(response, 'TokenType')),
  };
};

/** A samlp:Response's own signature covers the assertion in it. Where both are signed, the worse judgement counts. */
const judgeToken = (xml: OpenedXml, { response, token }: FoundToken, trusted: readonly X509Certificate[]): SignatureJudgement => {
  const own = judgeSignature(xml, token, trusted);
  if (!response || (response.namespaceURI !== namespaces.samlp2 && response.namespaceURI !== namespaces.samlp1)) return own;
  return worstJudgement([own, judgeSignature(xml, response, trusted)]) ?? own;
};

const readFound = (xml: OpenedXml, place: FoundToken, trusted: readonly X509Certificate[]): TokenMessage => {
  const frame = frameOf(place);
  const judgement = judgeToken(xml, place, trusted);
  const common = { ...empty, kind: place.kind, signerSha1: judgement.signerSha1, lineEndings: judgement.lineEndings, offered: judgement.offered } as const;
  const signer = judgement.signer && { sha1: judgement.signer.sha1, subject: judgement.signer.subject };
  const around = (place.response && missingPart(place.response)) ?? (place.form === 'encrypted' ? missingPart(place.token) : null);
  const refused = judgement.status === 'ambiguous' ? ('ambiguous' as const) : around === null && !judgement.misplaced ? null : ('invalid-structure' as const);
  if (place.form === 'other')
    return {
      ...common,
      refused,
      why: `The token is a ${shownName(place.token)}, neither a SAML assertion nor encrypted: it is there, and not read further.`,
      facts: { ...noFacts, ...frame, signature: judgement.status },
    };
  if (place.form === 'encrypted') {
    const encryption = readEncryption(place.token);
    // A signature around the encrypted token is not the token's own: it counts only where it speaks against the message.
    const unopposed = judgement.status === 'absent' || judgement.status === 'valid' || (judgement.status === 'untrusted-key' && trusted.length === 0);
    const status = unopposed ? 'encrypted' : judgement.status;
    const read = judgement.status === 'absent' ? encryptionSentence(encryption) : `${encryptionSentence(encryption)} The message around it: ${judgement.why}`;
    return {
      ...common,
      refused,
      why: around === null ? read : `${around} ${read}`,
      facts: { ...noFacts, ...frame, ...encryption, encrypted: true, signer, signature: status },
    };
  }
  const { lacks: ofAssertion, subject, claims, type, ...assertion } = readAssertion(place.token);
  const lacks = around ?? ofAssertion;
  return {
    ...common,
    refused: refused ?? (lacks === null ? null : 'invalid-structure'),
    why: lacks === null ? judgement.why : `${lacks} ${judgement.why}`,
    facts: { ...noFacts, ...frame, ...assertion, type: frame.type ?? type, claims: [...claims], signer, signature: judgement.status },
    subject,
  };
};

/**
 * Reads a message that passed the gate: where its token is, what it says, and whether its signature holds against the given certificates.
 * Never throws.
 */
export const readTokenMessage = (xml: OpenedXml, trusted: readonly X509Certificate[]): TokenMessage => {
  const place = findToken(xml.document);
  if (place.found === 'fault') return { ...empty, kind: 'fault', why: faultSentence(place.fault), fault: place.fault };
  if (place.found === 'nothing') return refusedMessage(place.kind, place.refused, place.why);
  return readFound(xml, place, trusted);
};
