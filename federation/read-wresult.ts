import { type KeyObject, X509Certificate } from 'node:crypto';
import type { TokenFacts } from '../contracts/evidence';
import { openCertificate } from './certificate-facts';
import { decryptToken } from './decrypt-token';
import { findToken } from './find-token';
import { openXml, type OpenedXml } from './gate';
import { readTokenMessage, refusedMessage } from './read-token-message';

/** Certificates that can be read; the others could never verify anything. */
const readableCertificates = (sources: readonly string[]): X509Certificate[] =>
  sources.map(openCertificate).filter((certificate) => certificate instanceof X509Certificate);

/**
 * Reads what is readable of a wresult: the RequestSecurityTokenResponse AD FS makes the browser post (WS-Trust 2005/02 and 1.3), a samlp:Response or a
 * bare assertion, encrypted or not, or the error in its place.
 * @param text the value of the form field, decoded once (XML)
 * @param trustedCertificates signing certificates known beforehand (from metadata), base64 or PEM
 * @param postedTo where the form sends it
 * @param keys the operator's copies of CRM's encryption key: an encrypted token is opened with them, here and only here
 * @returns facts; `unreadable` says why there are none. Never throws. Source: field guide §3.
 */
export const readWresult = (
  text: string,
  {
    trustedCertificates = [],
    postedTo,
    keys = [],
  }: { readonly trustedCertificates?: readonly string[] | undefined; readonly postedTo: string; readonly keys?: readonly KeyObject[] },
): TokenFacts => {
  const xml = openXml(text);
  const trusted = readableCertificates(trustedCertificates);
  const message = xml.ok ? readTokenMessage(xml, trusted) : refusedMessage('unknown', xml.refused, xml.why);
  const unreadable = message.refused !== null || message.fault !== null ? message.why : null;
  const facts: TokenFacts = { ...message.facts, decryption: null, bytes: Buffer.byteLength(text), postedTo, unreadable };
  return xml.ok && facts.encrypted && keys.length > 0 ? opened(facts, xml, trusted, keys) : facts;
};

/** The facts of the assertion inside, in the frame of the message around it. */
const opened = (outer: TokenFacts, xml: OpenedXml, trusted: readonly X509Certificate[], keys: readonly KeyObject[]): TokenFacts => {
  const place = findToken(xml.document);
  const plain = place.found === 'token' ? decryptToken(place.token, keys) : { ok: false as const, why: 'there is no token in the message' };
  if (!plain.ok) return { ...outer, decryption: plain.why };
  const inner = openXml(plain.xml);
  if (!inner.ok) return { ...outer, decryption: `what is inside cannot be read: ${inner.why}` };
  const { facts } = readTokenMessage(inner, trusted);
  const { encryptedFor, dataAlgorithm, keyAlgorithm, lifetime, appliesTo, bytes, postedTo, unreadable } = outer;
  return {
    ...facts,
    encrypted: true,
    encryptedFor,
    dataAlgorithm,
    keyAlgorithm,
    lifetime,
    appliesTo,
    bytes,
    postedTo,
    unreadable,
    type: outer.type ?? facts.type,
    decryption: 'opened',
  };
};
