import type { KeyObject } from 'node:crypto';
import type { TokenFacts } from '../../contracts/evidence';
import { openXml } from '../../federation/gate';
import { readMetadataDocument } from '../../federation/read-metadata';
import { readWresult } from '../../federation/read-wresult';
import type { PostedToken } from './traffic';
import type { Redactor } from '../redaction/redact';

/**
 * What is readable of the token that left the browser (opened with `keys` where it is encrypted and they fit), its signature judged against the keys the STS
 * publishes. The token itself is dropped here.
 */
export function captureToken(
  { url, body }: PostedToken,
  trustedCertificates: readonly string[],
  redactor: Redactor,
  keys: readonly KeyObject[] = [],
): TokenFacts {
  return redactor.deep(readWresult(tokenIn(body), { trustedCertificates: [...trustedCertificates], postedTo: url, keys }));
}

/** Makes the token and its usable parts known as secrets, before anything is written. */
export function registerToken({ body }: PostedToken, redactor: Redactor): void {
  redactor.add(tokenIn(body), 'token');
}

/** The token field of the form body. Browsers post UTF-8; the body is kept byte for byte. */
function tokenIn(body: string): string {
  const fields = new URLSearchParams(Buffer.from(body, 'latin1').toString('utf8'));
  return fields.get('wresult') ?? fields.get('SAMLResponse') ?? '';
}

/** The certificates a token of this STS may be signed with, base64, from its metadata document; none when there is no readable document of one entity. */
export function signingCertificates(metadataText: string | null): string[] {
  const xml = metadataText === null ? null : openXml(metadataText);
  const reading = xml?.ok ? readMetadataDocument(xml) : null;
  return reading?.ok && reading.entityIds.length === 1
    ? reading.keys.filter(({ use }) => use !== 'encryption').map(({ certificate }) => certificate.raw.toString('base64'))
    : [];
}
