/** Signed SAML 1.1 and 2.0 tokens in WS-Trust envelopes, and a relying party's check of them. Written without looking at the product's reader. */
import { randomUUID } from 'node:crypto';
import { DOMParser, type Element } from '@xmldom/xmldom';
import { generate } from 'selfsigned';
import { SignedXml } from 'xml-crypto';

export interface SigningKey {
  readonly privateKey: string;
  readonly certificate: string;
}

export async function signingKey(name: string): Promise<SigningKey> {
  const made = await generate([{ name: 'commonName', value: name }], { keyType: 'rsa', keySize: 2048, algorithm: 'sha256' });
  return { privateKey: made.private, certificate: made.cert };
}

export interface TokenWishes {
  readonly version: '1.1' | '2.0';
  readonly issuer: string;
  readonly audience: string;
  readonly user: string;
  readonly key: SigningKey;
  /** 10 unless given. */
  readonly minutes?: number;
}

const c14n = 'http://www.w3.org/2001/10/xml-exc-c14n#';

export function issueToken(wishes: TokenWishes): string {
  const created = new Date(Date.now() - 1_000).toISOString();
  const expires = new Date(Date.now() + (wishes.minutes ?? 10) * 60_000).toISOString();
  const assertion = wishes.version === '1.1' ? saml11(wishes, created, expires) : saml2(wishes, created, expires);
  const signer = new SignedXml({
    privateKey: wishes.key.privateKey,
    publicCert: wishes.key.certificate,
    canonicalizationAlgorithm: c14n,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    idAttribute: wishes.version === '1.1' ? 'AssertionID' : 'ID',
  });
  const reference = "//*[local-name(.)='Assertion']";
  signer.addReference({
    xpath: reference,
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', c14n],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  });
  const after = wishes.version === '1.1' ? { reference, action: 'append' as const } : { reference: "//*[local-name(.)='Issuer']", action: 'after' as const };
  signer.computeSignature(assertion, { location: after });
  const wsu = 'xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"';
  const lifetime = `<t:Lifetime><wsu:Created ${wsu}>${created}</wsu:Created><wsu:Expires ${wsu}>${expires}</wsu:Expires></t:Lifetime>`;
  const address =
    `<wsa:EndpointReference xmlns:wsa="http://www.w3.org/2005/08/addressing">` + `<wsa:Address>${wishes.audience}</wsa:Address></wsa:EndpointReference>`;
  const appliesTo = `<wsp:AppliesTo xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy">${address}</wsp:AppliesTo>`;
  const token = `<t:RequestedSecurityToken>${signer.getSignedXml()}</t:RequestedSecurityToken>`;
  return wishes.version === '1.1'
    ? `<t:RequestSecurityTokenResponse xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust">${lifetime}${appliesTo}${token}</t:RequestSecurityTokenResponse>`
    : `<t:RequestSecurityTokenResponseCollection xmlns:t="http://docs.oasis-open.org/ws-sx/ws-trust/200512"><t:RequestSecurityTokenResponse>` +
        `${lifetime}${appliesTo}${token}</t:RequestSecurityTokenResponse></t:RequestSecurityTokenResponseCollection>`;
}

function saml11({ issuer, audience, user }: TokenWishes, created: string, expires: string): string {
  const confirmation =
    '<saml:SubjectConfirmation><saml:ConfirmationMethod>urn:oasis:names:tc:SAML:1.0:cm:bearer</saml:ConfirmationMethod></saml:SubjectConfirmation>';
  const subject = `<saml:Subject><saml:NameIdentifier>${user}</saml:NameIdentifier>${confirmation}</saml:Subject>`;
  const conditions =
    `<saml:Conditions NotBefore="${created}" NotOnOrAfter="${expires}"><saml:AudienceRestrictionCondition>` +
    `<saml:Audience>${audience}</saml:Audience></saml:AudienceRestrictionCondition></saml:Conditions>`;
  const statement =
    `<saml:AuthenticationStatement AuthenticationMethod="urn:oasis:names:tc:SAML:1.0:am:password" AuthenticationInstant="${created}">` +
    `${subject}</saml:AuthenticationStatement>`;
  return (
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion" MajorVersion="1" MinorVersion="1" AssertionID="_${randomUUID()}" ` +
    `Issuer="${issuer}" IssueInstant="${created}">${conditions}${statement}</saml:Assertion>`
  );
}

function saml2({ issuer, audience, user }: TokenWishes, created: string, expires: string): string {
  const subject = `<Subject><NameID>${user}</NameID><SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/></Subject>`;
  const conditions =
    `<Conditions NotBefore="${created}" NotOnOrAfter="${expires}"><AudienceRestriction>` +
    `<Audience>${audience}</Audience></AudienceRestriction></Conditions>`;
  return (
    `<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_${randomUUID()}" IssueInstant="${created}" Version="2.0"><Issuer>${issuer}</Issuer>` +
    `${subject}${conditions}</Assertion>`
  );
}

export type TokenVerdict = { readonly ok: true; readonly user: string } | { readonly ok: false; readonly why: string };

/** Signature by the one trusted key, then audience and time, reading only what was signed. */
export function checkToken(wresult: string, trusted: string, audience: string): TokenVerdict {
  const refuse = (why: string): TokenVerdict => ({ ok: false, why });
  const parse = (xml: string): Element | null => new DOMParser().parseFromString(xml, 'text/xml').documentElement;
  const find = (root: Element, name: string): Element | null => root.getElementsByTagNameNS('*', name)[0] ?? null;
  const root = parse(wresult);
  const signature = root && find(root, 'Signature');
  if (!signature) return refuse('The token is not signed.');
  const verifier = new SignedXml({ publicCert: trusted, getCertFromKeyInfo: () => null, idAttribute: 'AssertionID' });
  verifier.loadSignature(signature as unknown as Node);
  try {
    if (!verifier.checkSignature(wresult)) return refuse('The signature of the token is invalid.');
  } catch {
    return refuse('The issuer of the token is not trusted: its signature does not verify with the configured certificate.');
  }
  const signed = verifier.getSignedReferences()[0];
  const assertion = signed === undefined ? null : parse(signed);
  if (!assertion) return refuse('Nothing is signed.');
  const conditions = find(assertion, 'Conditions');
  if (find(assertion, 'Audience')?.textContent !== audience)
    return refuse(`The token is for ${find(assertion, 'Audience')?.textContent}, not for ${audience}.`);
  if (Date.parse(conditions?.getAttribute('NotOnOrAfter') ?? '') < Date.now()) return refuse('The token has expired.');
  return { ok: true, user: (find(assertion, 'NameIdentifier') ?? find(assertion, 'NameID'))?.textContent ?? '' };
}
