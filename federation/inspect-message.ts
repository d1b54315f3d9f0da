import type { X509Certificate } from 'node:crypto';
import type { CertificateFacts, TokenFacts } from '../contracts/evidence';
import type { SignatureStatus } from '../contracts/words';
import { openXml, type OpenedXml } from './gate';
import { entityCount, isMetadata, readMetadataDocument } from './read-metadata';
import type { Fault } from './read-fault';
import { readTokenMessage, type MessageRefusal } from './read-token-message';
import type { LineEndings } from './signature';
import { unwrapMessage } from './unwrap-message';

/** What `signin-probe inspect` prints (contract). */
export interface Inspection {
  readonly kind: 'federation-metadata' | 'wresult' | 'assertion' | 'fault' | 'unknown';
  readonly refused: MessageRefusal | null;
  readonly why: string;
  readonly signature: { readonly status: SignatureStatus; readonly signerSha1: string | null; readonly lineEndings: LineEndings };
  /** Metadata: its keys with their use. Token: the certificates its signature names. */
  readonly certificates: readonly (CertificateFacts & { readonly use?: 'signing' | 'encryption' | 'both' })[];
  readonly token: (Omit<TokenFacts, 'postedTo' | 'unreadable' | 'decryption'> & { readonly subject: string | null; readonly postedTo: string | null }) | null;
  /** Claim types, never values. */
  readonly claims: readonly string[];
  readonly metadata: {
    readonly entityId: string | null;
    readonly passiveEndpoints: readonly string[];
    readonly scopes: readonly string[];
    readonly bytes: number;
  } | null;
  readonly fault: Fault | null;
}

export interface InspectionResult {
  readonly json: Inspection;
  /** 0 = could be read; 2 = refused, or its signature is bad (invalid, untrusted-key, ambiguous, unknown-algorithm). */
  readonly exitCode: 0 | 2;
}

/** Larger files are refused before they are decoded; encodings may triple a document of the largest size the gate opens. */
export const maxInspectedBytes = 3 * 1024 * 1024;

const unsigned: Inspection['signature'] = { status: 'absent', signerSha1: null, lineEndings: 'as-is' };
const nothing: Omit<Inspection, 'why'> = {
  kind: 'unknown',
  refused: null,
  signature: unsigned,
  certificates: [],
  token: null,
  claims: [],
  metadata: null,
  fault: null,
};

const goodStatus: readonly SignatureStatus[] = ['valid', 'absent', 'encrypted'];

const finish = (json: Inspection): InspectionResult => ({ json, exitCode: json.refused === null && goodStatus.includes(json.signature.status) ? 0 : 2 });

const inspectMetadata = (xml: OpenedXml, bytes: number): Inspection => {
  const reading = readMetadataDocument(xml);
  if (!reading.ok)
    return {
      ...nothing,
      kind: 'federation-metadata',
      refused: reading.refused,
      why: reading.why,
      signature: { ...unsigned, status: reading.refused === 'ambiguous' ? 'ambiguous' : 'absent' },
    };
  const { entityIds, keys, unreadable, passiveEndpoints, scopes, signature } = reading;
  const count = entityIds.length > 1 ? `${entityCount(reading)} ` : '';
  const bad = unreadable.map(({ use, why }) => ` A further ${use} key cannot be read: ${why}`).join('');
  return {
    ...nothing,
    kind: 'federation-metadata',
    why: `${count}${signature.why}${bad}`,
    signature: { status: signature.status, signerSha1: signature.signerSha1, lineEndings: signature.lineEndings },
    certificates: keys.map(({ facts, use }) => ({ ...facts, use })),
    metadata: { entityId: entityIds.length === 1 ? (entityIds[0] ?? null) : null, passiveEndpoints, scopes, bytes },
  };
};

interface TrustSource {
  readonly certificates: readonly X509Certificate[];
  /** What to say about the metadata given, if anything. */
  readonly note: string;
}

/**
 * Signing certificates of the metadata the operator gives. Handing it in is the act of trust: its own signature is made with a key it lists itself and
 * proves no origin, so a broken one is reported, not a reason to ignore the keys.
 */
const trustFrom = (metadata: Buffer | undefined): TrustSource => {
  if (!metadata) return { certificates: [], note: '' };
  if (metadata.length > maxInspectedBytes) return { certificates: [], note: ' The metadata given is too large to be read.' };
  const xml = openXml(unwrapMessage(metadata).xml);
  const reading = xml.ok ? readMetadataDocument(xml) : xml;
  if (!reading.ok) return { certificates: [], note: ` The metadata given cannot be used: ${reading.why}` };
  if (reading.entityIds.length > 1)
    return { certificates: [], note: ` The metadata given cannot be used: ${entityCount(reading)} Expected the metadata of one.` };
  const signing = reading.keys.filter(({ use }) => use !== 'encryption');
  const note =
    signing.length === 0
      ? ' The metadata given lists no signing certificate.'
      : goodStatus.includes(reading.signature.status)
        ? ''
        : ` Note that the signature of the metadata given is ${reading.signature.status}: ${reading.signature.why}`;
  return { certificates: signing.map(({ certificate }) => certificate), note };
};

/**
 * Decodes one wresult, form body, auto-POST page, assertion or federation metadata document (raw XML, base64 or URL-encoded) and judges its signature:
 * metadata by the keys it lists, a token by the signing keys of `options.metadata`, never by KeyInfo alone.
 * @param input the file's bytes
 * @returns what `inspect` prints, and its exit code. Never throws.
 */
export const inspectMessage = (input: Buffer, options: { readonly metadata?: Buffer | undefined } = {}): InspectionResult => {
  if (input.length > maxInspectedBytes)
    return finish({ ...nothing, refused: 'too-large', why: `The file has ${input.length} bytes; at most ${maxInspectedBytes} are read.` });
  const { xml: content, postedTo } = unwrapMessage(input);
  const xml = openXml(content);
  if (!xml.ok) return finish({ ...nothing, refused: xml.refused, why: xml.why });
  const bytes = Buffer.byteLength(content);
  if (isMetadata(xml)) return finish(inspectMetadata(xml, bytes));
  const trust = trustFrom(options.metadata);
  const message = readTokenMessage(xml, trust.certificates);
  return finish({
    ...nothing,
    kind: message.kind,
    refused: message.refused,
    why: `${message.why}${trust.note}`,
    signature: { status: message.facts.signature, signerSha1: message.signerSha1, lineEndings: message.lineEndings },
    certificates: message.offered,
    token: message.kind === 'wresult' || message.kind === 'assertion' ? { ...message.facts, bytes, subject: message.subject, postedTo } : null,
    claims: message.facts.claims,
    fault: message.fault,
  });
};
