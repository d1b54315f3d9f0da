import { X509Certificate } from 'node:crypto';
import type { TokenFacts } from '../contracts/evidence';
import { openCertificate } from './certificate-facts';
import { openXml } from './gate';
import { readTokenMessage, refusedMessage } from './read-token-message';

/** Certificates that can be read; the others could never verify anything. */
export const readableCertificates = (sources: readonly string[]): X509Certificate[] =>
  sources.map(openCertificate).filter((certificate) => certificate instanceof X509Certificate);

/**
 * Reads what is readable of a wresult: the RequestSecurityTokenResponse AD FS makes the browser post (WS-Trust 2005/02 and 1.3), a samlp:Response or a
 * bare assertion, encrypted or not, or the error in its place.
 * @param text the value of the form field, decoded once (XML)
 * @param trustedCertificates signing certificates known beforehand (from metadata), base64 or PEM
 * @param postedTo where the form sends it
 * @returns facts; `unreadable` says why there are none. Never throws. Source: field guide §3.
 */
export const readWresult = (
  text: string,
  { trustedCertificates = [], postedTo }: { readonly trustedCertificates?: readonly string[]; readonly postedTo: string },
): TokenFacts => {
  const xml = openXml(text);
  const message = xml.ok ? readTokenMessage(xml, readableCertificates(trustedCertificates)) : refusedMessage('unknown', xml.refused, xml.why);
  return { ...message.facts, bytes: Buffer.byteLength(text), postedTo, unreadable: message.refused !== null || message.fault !== null ? message.why : null };
};
