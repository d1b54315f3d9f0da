import { X509Certificate } from 'node:crypto';
import { XMLSerializer, type Element } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';
import type { CrmConfiguration } from './crm-types';
import { decryptToken } from './decrypt-token';
import { refusals, TokenRefused, type TokenRefusal } from './token-refusal';
import { child, childElements, descend, descendants, namespaces, parseXml, textOf } from './xml-reading';

const { assertion: saml, encryption: enc, signature: ds, trust } = namespaces;

/** WIF's default MaxClockSkew (field guide §12). */
const clockSkewMs = 5 * 60_000;

/** What CRM keeps of a good token. */
export interface AcceptedToken {
  readonly upn: string | null;
  readonly name: string | null;
  readonly primarySid: string | null;
  readonly notOnOrAfter: Date;
}

export interface TokenCheck {
  readonly wresult: string;
  readonly configuration: CrmConfiguration;
  /** Accepted audiences: CRM's own web addresses. */
  readonly audiences: readonly string[];
  /** CRM's clock. */
  readonly now: Date;
  /** The private key of the encryption certificate cannot be used. */
  readonly keyUnusable?: boolean;
  /** Signing certificates trusted when chains are validated; null = no validation. */
  readonly trustedSigningCertificates?: readonly string[] | null;
}

export type TokenVerdict = { readonly ok: true; readonly token: AcceptedToken } | ({ readonly ok: false } & TokenRefusal);

interface SignedAssertion {
  readonly element: Element;
  readonly signer: X509Certificate;
}

function readTokenElement(wresult: string): Element {
  let root: Element | null;
  try {
    root = parseXml(wresult).documentElement;
  } catch (error) {
    throw refusals.notReadable((error as Error).message.split('\n')[0] as string);
  }
  const response = root?.localName === 'RequestSecurityTokenResponseCollection' ? childElements(root)[0] : root;
  const requested = response ? child(response, trust, 'RequestedSecurityToken') : null;
  const token = requested ? childElements(requested)[0] : undefined;
  if (!token) throw refusals.unknownToken(root?.localName ?? '', root?.namespaceURI ?? '');
  return token;
}

function assertionText(token: Element, configuration: CrmConfiguration, keyUnusable: boolean): string {
  if (keyUnusable && token.localName === 'EncryptedData') throw refusals.keyUnusable();
  const text =
    token.localName === 'EncryptedData' && token.namespaceURI === enc
      ? decryptToken(token, configuration.encryption)
      : new XMLSerializer().serializeToString(token);
  const root = parseXml(text).documentElement;
  if (root?.localName !== 'Assertion' || root.namespaceURI !== saml) throw refusals.unknownToken(root?.localName ?? '', root?.namespaceURI ?? '');
  return text;
}

/** The key comes from the signature's own KeyInfo; whether its owner is known is asked only at the end, as WIF does. */
function verifySignature(text: string): SignedAssertion {
  const root = parseXml(text).documentElement as Element;
  const signature = child(root, ds, 'Signature');
  const embedded = signature ? textOf(descend(signature, [ds, 'KeyInfo'], [ds, 'X509Data'], [ds, 'X509Certificate'])) : null;
  if (!signature || !embedded) throw refusals.noSignatureKey();
  let signer: X509Certificate;
  try {
    signer = new X509Certificate(Buffer.from(embedded, 'base64'));
  } catch {
    throw refusals.noSignatureKey();
  }
  const reference = `#${root.getAttribute('AssertionID') ?? ''}`;
  const verifier = new SignedXml({ idAttribute: 'AssertionID', publicCert: signer.toString(), getCertFromKeyInfo: () => null });
  try {
    verifier.loadSignature(new XMLSerializer().serializeToString(signature));
    if (!verifier.checkSignature(text)) throw refusals.badSignature(reference);
  } catch {
    throw refusals.badSignature(reference);
  }
  const [signed, ...others] = verifier.getSignedReferences();
  if (signed === undefined || others.length > 0) throw refusals.badSignature(reference);
  // Only what was signed is read from here on.
  const element = parseXml(signed).documentElement as Element;
  if (element.localName !== 'Assertion' || `#${element.getAttribute('AssertionID') ?? ''}` !== reference) throw refusals.badSignature(reference);
  return { element, signer };
}

function checkTime(conditions: Element, now: Date): Date {
  const notBefore = new Date(conditions.getAttribute('NotBefore') ?? NaN);
  const notOnOrAfter = new Date(conditions.getAttribute('NotOnOrAfter') ?? NaN);
  if (!(now.getTime() + clockSkewMs >= notBefore.getTime())) throw refusals.notYetValid(notBefore, now);
  if (!(now.getTime() - clockSkewMs < notOnOrAfter.getTime())) throw refusals.noLongerValid(notOnOrAfter, now);
  return notOnOrAfter;
}

/** The comparison is exact: case and a trailing slash count. */
function checkAudience(conditions: Element, accepted: readonly string[]): void {
  const audiences = descendants(conditions, saml, 'Audience').map((element) => textOf(element) ?? '');
  if (!audiences.some((audience) => accepted.includes(audience))) throw refusals.wrongAudience(audiences[0] ?? '');
}

/** Only with TrustedIssuerCertificateValidation on; by default CRM asks nothing of the certificate itself. */
function checkChain({ signer }: SignedAssertion, trusted: readonly string[] | null): void {
  if (trusted !== null && !trusted.includes(signer.fingerprint.replaceAll(':', ''))) throw refusals.untrustedSigner(signer.subject);
}

function checkIssuer({ element, signer }: SignedAssertion, { sts }: CrmConfiguration): void {
  const thumbprint = signer.fingerprint.replaceAll(':', '');
  if (!sts || thumbprint !== sts.trustedThumbprint || element.getAttribute('Issuer') !== sts.issuerName) throw refusals.unknownIssuer();
}

function claim(element: Element, name: string): string | null {
  const attribute = descendants(element, saml, 'Attribute').find((candidate) => candidate.getAttribute('AttributeName') === name);
  return attribute ? textOf(child(attribute, saml, 'AttributeValue')) : null;
}

/**
 * Checks a token as CRM does, in the order of field guide §16: decrypt, signature, time, audience, certificate, issuer. The first failure hides the
 * later ones. Never throws for a bad token.
 */
export function checkToken({ wresult, configuration, audiences, now, keyUnusable = false, trustedSigningCertificates = null }: TokenCheck): TokenVerdict {
  try {
    const signed = verifySignature(assertionText(readTokenElement(wresult), configuration, keyUnusable));
    const conditions = child(signed.element, saml, 'Conditions');
    if (!conditions) throw refusals.wrongAudience('');
    const notOnOrAfter = checkTime(conditions, now);
    checkAudience(conditions, audiences);
    checkChain(signed, trustedSigningCertificates);
    checkIssuer(signed, configuration);
    const { element } = signed;
    return { ok: true, token: { upn: claim(element, 'upn'), name: claim(element, 'name'), primarySid: claim(element, 'primarysid'), notOnOrAfter } };
  } catch (error) {
    if (error instanceof TokenRefused) return { ok: false, id: error.id, text: error.message };
    return { ok: false, id: null, text: (error as Error).message.split('\n')[0] as string };
  }
}
