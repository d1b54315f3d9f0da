import type { X509Certificate } from 'node:crypto';
import type { Element } from '@xmldom/xmldom';
import type { CertificateFacts, Metadata } from '../contracts/evidence';
import { certificateFacts, openCertificate } from './certificate-facts';
import { openXml, type OpenedXml } from './gate';
import type { MessageRefusal } from './read-token-message';
import { judgeSignature, type SignatureJudgement } from './signature';
import { attributeOf, childElements, descendantElements, endpointAddress, namespaces, textOf, shownName } from './xml-elements';

type KeyUse = 'signing' | 'encryption' | 'both';

/** What a federation metadata document says; `signature` is its own. */
export interface MetadataReading {
  readonly ok: true;
  /** null only for a bare KeyDescriptor, a part of such a document. */
  readonly entityId: string | null;
  readonly keys: readonly { readonly facts: CertificateFacts; readonly certificate: X509Certificate; readonly use: KeyUse }[];
  readonly passiveEndpoints: readonly string[];
  readonly scopes: readonly string[];
  readonly signature: SignatureJudgement;
}
export interface MetadataRefusal {
  readonly ok: false;
  readonly refused: MessageRefusal;
  readonly why: string;
}

const { md, ds, fed } = namespaces;

const refuse = (refused: MessageRefusal, why: string): MetadataRefusal => ({ ok: false, refused, why });

/** RoleDescriptor, IDPSSODescriptor, SPSSODescriptor and the other roles: whatever may hold keys. */
const isRole = (element: Element): boolean =>
  element.namespaceURI === md && /^(RoleDescriptor|(IDPSSO|SPSSO|AuthnAuthority|AttributeAuthority|PDP|Affiliation)Descriptor)$/.test(element.localName ?? '');

/** A KeyDescriptor without `use` serves both purposes (SAML metadata §2.4.1.1). */
const useOf = (descriptor: Element): KeyUse | null => {
  if (!descriptor.hasAttribute('use')) return 'both';
  const use = descriptor.getAttribute('use');
  return use === 'signing' || use === 'encryption' ? use : null;
};

const readKeys = (descriptors: readonly Element[]): MetadataReading['keys'] | MetadataRefusal => {
  const keys = new Map<string, { facts: CertificateFacts; certificate: X509Certificate; use: KeyUse }>();
  for (const descriptor of descriptors) {
    const use = useOf(descriptor);
    if (use === null)
      return refuse('invalid-structure', `A KeyDescriptor has use="${(descriptor.getAttribute('use') ?? '').slice(0, 40)}"; expected signing or encryption.`);
    const keyInfos = childElements(descriptor, ds, 'KeyInfo');
    if (keyInfos.length !== 1) return refuse('invalid-structure', 'A KeyDescriptor has no KeyInfo, or several.');
    if (keyInfos.every((keyInfo) => childElements(keyInfo).length === 0)) return refuse('invalid-structure', "A KeyDescriptor's KeyInfo is empty.");
    for (const element of descendantElements(descriptor).filter((each) => each.namespaceURI === ds && each.localName === 'X509Certificate')) {
      const certificate = openCertificate(textOf(element) ?? '');
      const facts = 'unreadable' in certificate ? certificate : certificateFacts(certificate);
      if ('unreadable' in certificate || 'unreadable' in facts)
        return refuse('invalid-structure', `A ${use} certificate of the metadata is malformed: ${'unreadable' in facts ? facts.unreadable : ''}`);
      const before = keys.get(facts.sha256);
      keys.set(facts.sha256, { facts, certificate, use: before && before.use !== use ? 'both' : use });
    }
  }
  return [...keys.values()];
};

const addressesOf = (holders: readonly Element[]): { readonly addresses: string[] } | MetadataRefusal => {
  const addresses: string[] = [];
  for (const holder of holders) {
    const references = childElements(holder).filter(({ localName }) => localName === 'EndpointReference');
    const found =
      references.length === 0
        ? [endpointAddress(holder)]
        : references.map((reference) => textOf(childElements(reference).find(({ localName }) => localName === 'Address')));
    for (const address of found) {
      if (address === null) return refuse('invalid-structure', `${shownName(holder)} holds no address.`);
      if (!/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(address))
        return refuse('invalid-structure', `${shownName(holder)} holds "${address.slice(0, 120)}", which is no absolute address.`);
      addresses.push(address);
    }
  }
  return { addresses: [...new Set(addresses)] };
};

/** True for documents `readMetadataDocument` is for, also a bare KeyDescriptor. */
export const isMetadata = (xml: OpenedXml): boolean => {
  const root = xml.document.documentElement;
  return root?.namespaceURI === md || /^Entit(y|ies)Descriptor$/.test(root?.localName ?? '');
};

const strayIn = (root: Element, roles: readonly Element[]): Element | undefined => {
  const allowed = new Set<unknown>([root, ...roles]);
  return descendantElements(root).find((element) => element.namespaceURI === ds && element.localName === 'Signature' && !allowed.has(element.parentNode));
};

/**
 * Reads a federation metadata document that passed the gate and judges its own signature against the keys its own roles list (a document signed with a
 * key it does not list is `untrusted-key`). An application that lists no signing key is judged against the keys it does list.
 * Source: SAML metadata §2, WS-Federation 1.2 §3; field guide §5.1 (AD FS repeats each key in every role: listed once here).
 */
export const readMetadataDocument = (xml: OpenedXml): MetadataReading | MetadataRefusal => {
  const root = xml.document.documentElement;
  const isPart = root?.namespaceURI === md && root.localName === 'KeyDescriptor';
  if (!root || !(isPart || (root.namespaceURI === md && root.localName === 'EntityDescriptor')))
    return refuse(
      'invalid-structure',
      `The document is a ${shownName(root)} in namespace "${(root?.namespaceURI ?? '').slice(0, 120)}"; expected one EntityDescriptor of SAML metadata.`,
    );
  const entityId = attributeOf(root, 'entityID');
  const roles = childElements(root).filter(isRole);
  if (!isPart && entityId === null) return refuse('invalid-structure', 'The EntityDescriptor has no entityID.');
  if (descendantElements(root).some((element) => element.namespaceURI === md && element.localName === 'EntityDescriptor'))
    return refuse('ambiguous', 'An EntityDescriptor stands inside another one.');
  if (!isPart && roles.length === 0) return refuse('invalid-structure', 'The EntityDescriptor describes no role.');
  const stray = strayIn(root, roles);
  if (stray) return refuse('ambiguous', `A signature stands in ${shownName(stray.parentNode as Element)}, where it signs something else.`);
  const keys = readKeys(isPart ? [root] : roles.flatMap((role) => childElements(role, md, 'KeyDescriptor')));
  if ('ok' in keys) return keys;
  const endpoints = addressesOf(roles.flatMap((role) => childElements(role, fed, 'PassiveRequestorEndpoint')));
  if ('ok' in endpoints) return endpoints;
  const services = addressesOf(roles.flatMap((role) => childElements(role, fed, 'SecurityTokenServiceEndpoint')));
  if ('ok' in services) return services;
  const scopes = addressesOf(roles.flatMap((role) => childElements(role, fed, 'TargetScopes')).filter((holder) => childElements(holder).length > 0));
  if ('ok' in scopes) return scopes;
  const signing = keys.filter(({ use }) => use !== 'encryption');
  const signature = judgeSignature(
    xml,
    root,
    (signing.length > 0 ? signing : keys).map(({ certificate }) => certificate),
  );
  if (signature.status === 'ambiguous') return refuse('ambiguous', signature.why);
  return { ok: true, entityId, keys, passiveEndpoints: endpoints.addresses, scopes: scopes.addresses, signature };
};

/**
 * Federation metadata of AD FS or CRM as evidence.
 * @param source the answer's body; bytes are decoded by XML's rules
 * @param url where it is from
 * @returns the facts, or `ok: false` with one sentence. `refused` names the kind of refusal. Never throws.
 */
export const readMetadata = (source: string | Buffer, url: string): Metadata & { readonly refused?: MessageRefusal } => {
  const xml = openXml(source);
  const reading = xml.ok ? readMetadataDocument(xml) : xml;
  if (!reading.ok) return { ok: false, url, status: null, why: reading.why, refused: reading.refused };
  if (reading.entityId === null)
    return { ok: false, url, status: null, why: 'The document is a bare KeyDescriptor, only a part of federation metadata.', refused: 'invalid-structure' };
  return {
    ok: true,
    url,
    entityId: reading.entityId,
    signature: { status: reading.signature.status, signerSha1: reading.signature.signerSha1 },
    keys: reading.keys.map(({ facts, use }) => ({ certificate: facts, use })),
    passiveEndpoints: [...reading.passiveEndpoints],
    scopes: [...reading.scopes],
    bytes: Buffer.byteLength(source),
  };
};
