import type { X509Certificate } from 'node:crypto';
import type { Element } from '@xmldom/xmldom';
import type { CertificateFacts, Metadata } from '../contracts/evidence';
import { certificateFacts, openCertificate } from './certificate-facts';
import { openXml, type OpenedXml } from './gate';
import type { MessageRefusal } from './read-token-message';
import { judgeSignature, worstJudgement, type SignatureJudgement } from './signature';
import { attributeOf, childElements, descendantElements, endpointAddress, namespaces, textOf, shownName } from './xml-elements';

type KeyUse = 'signing' | 'encryption' | 'both';

interface UnreadableKey {
  readonly use: KeyUse;
  readonly why: string;
}

/** What a federation metadata document says; `signature` is its own. */
export interface MetadataReading {
  readonly ok: true;
  /** Of every entity the document describes; none for a bare KeyDescriptor, a part of such a document. */
  readonly entityIds: readonly string[];
  readonly keys: readonly { readonly facts: CertificateFacts; readonly certificate: X509Certificate; readonly use: KeyUse }[];
  /** Certificates beside the good ones that cannot be read, each with its reason. */
  readonly unreadable: readonly UnreadableKey[];
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

/** More certificates than any metadata has, and few enough to be read at once. */
const maxCertificates = 200;

/** How a KeyInfo without a certificate names its key: KeyName, KeyValue, X509IssuerSerial … */
const formOf = (keyInfo: Element | undefined): string => {
  const [first] = keyInfo ? childElements(keyInfo) : [];
  const inside = first?.localName === 'X509Data' ? childElements(first)[0] : first;
  return (inside ?? first)?.localName?.slice(0, 40) ?? 'nothing';
};

/** One certificate that cannot be read does not make the others worthless; a document without any good one is refused. */
const readKeys = (descriptors: readonly Element[]): Pick<MetadataReading, 'keys' | 'unreadable'> | MetadataRefusal => {
  const unreadable = new Map<string, UnreadableKey>();
  // Allowed by the schema, and nothing to tell a thumbprint by.
  const bare = new Map<string, UnreadableKey>();
  const keys = new Map<string, { facts: CertificateFacts; certificate: X509Certificate; use: KeyUse }>();
  // Every role repeats the keys: a text is read once.
  const read = new Map<string, X509Certificate | { readonly unreadable: string }>();
  for (const descriptor of descriptors) {
    const use = useOf(descriptor);
    if (use === null)
      return refuse('invalid-structure', `A KeyDescriptor has use="${(descriptor.getAttribute('use') ?? '').slice(0, 40)}"; expected signing or encryption.`);
    const keyInfos = childElements(descriptor, ds, 'KeyInfo');
    if (keyInfos.length !== 1) return refuse('invalid-structure', 'A KeyDescriptor has no KeyInfo, or several.');
    if (keyInfos.every((keyInfo) => childElements(keyInfo).length === 0)) return refuse('invalid-structure', "A KeyDescriptor's KeyInfo is empty.");
    const certificates = descendantElements(descriptor).filter((each) => each.namespaceURI === ds && each.localName === 'X509Certificate');
    if (certificates.length === 0) {
      const form = formOf(keyInfos[0]);
      bare.set(`${use} ${form}`, { use, why: `It is given as ${form}, without a certificate.` });
    }
    for (const element of certificates) {
      const text = textOf(element) ?? '';
      const certificate = read.get(text) ?? openCertificate(text);
      if (!read.has(text) && read.size === maxCertificates) return refuse('too-large', `The metadata lists more than ${maxCertificates} certificates.`);
      read.set(text, certificate);
      const before = 'unreadable' in certificate ? undefined : keys.get(certificate.fingerprint256);
      const facts = before?.facts ?? ('unreadable' in certificate ? certificate : certificateFacts(certificate));
      if ('unreadable' in certificate || 'unreadable' in facts) {
        unreadable.set(text, { use, why: 'unreadable' in facts ? facts.unreadable : '' });
        continue;
      }
      keys.set(certificate.fingerprint256, { facts, certificate, use: before && before.use !== use ? 'both' : use });
    }
  }
  const [bad] = unreadable.values();
  if (bad && keys.size === 0) return refuse('invalid-structure', `A ${bad.use} certificate of the metadata is malformed: ${bad.why}`);
  return { keys: [...keys.values()], unreadable: [...unreadable.values(), ...bare.values()] };
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

/** A signature in another place than in what it can sign here, or an entity where none may stand. */
const strayIn = (root: Element, places: readonly Element[], entities: readonly Element[]): string | null => {
  const allowed = new Set<unknown>(places);
  const known = new Set([root, ...places, ...entities]);
  for (const element of descendantElements(root)) {
    if (element.namespaceURI === ds && element.localName === 'Signature' && !allowed.has(element.parentNode))
      return `A signature stands in ${shownName(element.parentNode as Element)}, where it signs something else.`;
    if (element.namespaceURI === md && isEntity(element) && !known.has(element))
      return `An entity stands in ${shownName(element.parentNode as Element)}, where none may be.`;
  }
  return null;
};

const isEntity = (element: Element): boolean => /^Entit(y|ies)Descriptor$/.test(element.localName ?? '');

/** The document's EntitiesDescriptor elements and the entities in them, from the outside in; an EntityDescriptor is its own only entity. */
const partsOf = (element: Element): { readonly groups: readonly Element[]; readonly entities: readonly Element[] } => {
  if (element.localName !== 'EntitiesDescriptor') return { groups: [], entities: [element] };
  const inner = childElements(element).filter((child) => child.namespaceURI === md && isEntity(child)).map(partsOf); // prettier-ignore
  return { groups: [element, ...inner.flatMap(({ groups }) => groups)], entities: inner.flatMap(({ entities }) => entities) };
};

const rolesOf = (entity: Element): Element[] => childElements(entity).filter(isRole);

const keysOf = (entity: Element): Element[] => rolesOf(entity).flatMap((role) => childElements(role, md, 'KeyDescriptor'));

/**
 * The judgement of whatever signs the document: itself, or the entities in it. The worst one counts, and none of them where an entity stays uncovered
 * by a good one.
 */
const judgeDocument = (xml: OpenedXml, root: Element, entities: readonly Element[], keys: MetadataReading['keys']): SignatureJudgement => {
  const signing = keys.filter(({ use }) => use !== 'encryption');
  const trusted = (signing.length > 0 ? signing : keys).map(({ certificate }) => certificate);
  const around = judgeSignature(xml, root, trusted);
  const inside = entities.filter((entity) => entity !== root).map((entity) => judgeSignature(xml, entity, trusted));
  const worst = worstJudgement([around, ...inside]);
  const covered = around.status !== 'absent' || inside.every(({ status }) => status !== 'absent');
  return worst === null || (worst.status === 'valid' && !covered) ? around : worst;
};

/** What to say where a document describes another number of entities than one; null where it is one. */
export const entityCount = ({ entityIds }: MetadataReading): string | null =>
  entityIds.length === 1
    ? null
    : entityIds.length === 0
      ? 'The document is a bare KeyDescriptor, only a part of federation metadata.'
      : `The document lists ${entityIds.length} entities (${entityIds.join(', ').slice(0, 300)}).`;

/** True for documents `readMetadataDocument` is for, also a bare KeyDescriptor. */
export const isMetadata = (xml: OpenedXml): boolean => {
  const root = xml.document.documentElement;
  return root !== null && (root.namespaceURI === md || isEntity(root));
};

/**
 * Reads a federation metadata document that passed the gate and judges its own signature against the keys its own roles list (a document signed with a
 * key it does not list is `untrusted-key`). An application that lists no signing key is judged against the keys it does list.
 * Source: SAML metadata §2, WS-Federation 1.2 §3; field guide §5.1 (AD FS repeats each key in every role: listed once here).
 */
export const readMetadataDocument = (xml: OpenedXml): MetadataReading | MetadataRefusal => {
  const root = xml.document.documentElement;
  const isPart = root?.namespaceURI === md && root.localName === 'KeyDescriptor';
  if (!root || !(isPart || (root.namespaceURI === md && isEntity(root))))
    return refuse(
      'invalid-structure',
      `The document is a ${shownName(root)} in namespace "${(root?.namespaceURI ?? '').slice(0, 120)}"; expected an EntityDescriptor of SAML metadata.`,
    );
  const { groups, entities } = isPart ? { groups: [], entities: [] } : partsOf(root);
  const roles = entities.flatMap(rolesOf);
  const stray = strayIn(root, [root, ...groups, ...entities, ...roles], entities);
  if (stray !== null) return refuse('ambiguous', stray);
  if (!isPart && entities.length === 0) return refuse('invalid-structure', 'The EntitiesDescriptor holds no EntityDescriptor.');
  const entityIds = entities.map((entity) => attributeOf(entity, 'entityID')).filter((id) => id !== null);
  if (entityIds.length < entities.length) return refuse('invalid-structure', 'The EntityDescriptor has no entityID.');
  if (!entities.every((entity) => rolesOf(entity).length > 0)) return refuse('invalid-structure', 'The EntityDescriptor describes no role.');
  const read = readKeys(isPart ? [root] : entities.flatMap(keysOf));
  if ('ok' in read) return read;
  const { keys, unreadable } = read;
  const endpoints = addressesOf(roles.flatMap((role) => childElements(role, fed, 'PassiveRequestorEndpoint')));
  if ('ok' in endpoints) return endpoints;
  const services = addressesOf(roles.flatMap((role) => childElements(role, fed, 'SecurityTokenServiceEndpoint')));
  if ('ok' in services) return services;
  const scopes = addressesOf(roles.flatMap((role) => childElements(role, fed, 'TargetScopes')).filter((holder) => childElements(holder).length > 0));
  if ('ok' in scopes) return scopes;
  const signature = judgeDocument(xml, root, entities, keys);
  if (signature.status === 'ambiguous') return refuse('ambiguous', signature.why);
  return { ok: true, entityIds, keys, unreadable, passiveEndpoints: endpoints.addresses, scopes: scopes.addresses, signature };
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
  const [entityId] = reading.entityIds;
  const count = entityCount(reading);
  if (entityId === undefined || count !== null)
    return { ok: false, url, status: null, why: `${count ?? 'The document lists no entity.'} Expected the metadata of one.`, refused: 'invalid-structure' };
  return {
    ok: true,
    url,
    entityId,
    signature: { status: reading.signature.status, signerSha1: reading.signature.signerSha1 },
    keys: reading.keys.map(({ facts, use }) => ({ certificate: facts, use })),
    unreadable: [...reading.unreadable],
    passiveEndpoints: [...reading.passiveEndpoints],
    scopes: [...reading.scopes],
    bytes: Buffer.byteLength(source),
  };
};
