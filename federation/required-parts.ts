import type { Element } from '@xmldom/xmldom';
import { instant } from './instant';
import { known } from './signature-algorithms';
import { attributesOf, childElements, namespaces, shownName } from './xml-elements';

/** What a schema asks of one element; only what a reader cannot do without. */
interface Required {
  readonly attributes?: readonly string[];
  /** Attributes that can have one value only. */
  readonly fixed?: Readonly<Record<string, string>>;
  /** Of each list at least one child, in the element's own namespace or the one named in `childrenOf`. */
  readonly children?: readonly (readonly string[])[];
  readonly childrenOf?: string;
  /** Children that may stand there once. */
  readonly once?: readonly string[];
}

type Schema = Readonly<Record<string, Required>>;

const saml1: Schema = {
  Assertion: { once: ['Conditions', 'Advice'] },
  AudienceRestrictionCondition: { children: [['Audience']] },
  AttributeStatement: { children: [['Subject'], ['Attribute']], once: ['Subject'] },
  Attribute: { attributes: ['AttributeName', 'AttributeNamespace'], children: [['AttributeValue']] },
  AuthenticationStatement: { attributes: ['AuthenticationMethod', 'AuthenticationInstant'], children: [['Subject']], once: ['Subject'] },
  AuthorizationDecisionStatement: { attributes: ['Resource', 'Decision'], children: [['Subject'], ['Action']], once: ['Subject'] },
  Subject: { children: [['NameIdentifier', 'SubjectConfirmation']], once: ['NameIdentifier', 'SubjectConfirmation'] },
  SubjectConfirmation: { children: [['ConfirmationMethod']] },
};

const saml2: Schema = {
  Assertion: { once: ['Issuer', 'Subject', 'Conditions', 'Advice'] },
  AudienceRestriction: { children: [['Audience']] },
  AttributeStatement: { children: [['Attribute', 'EncryptedAttribute']] },
  Attribute: { attributes: ['Name'] },
  AuthnStatement: { attributes: ['AuthnInstant'], children: [['AuthnContext']] },
  AuthnContext: { children: [['AuthnContextClassRef', 'AuthnContextDecl', 'AuthnContextDeclRef']] },
  AuthzDecisionStatement: { attributes: ['Resource', 'Decision'], children: [['Action']] },
  Subject: { children: [['BaseID', 'NameID', 'EncryptedID', 'SubjectConfirmation']], once: ['BaseID', 'NameID', 'EncryptedID'] },
  SubjectConfirmation: { attributes: ['Method'] },
  EncryptedAssertion: { children: [['EncryptedData']], childrenOf: namespaces.xenc, once: ['EncryptedData'] },
};

const status: Schema = { Status: { children: [['StatusCode']], once: ['StatusCode'] }, StatusCode: { attributes: ['Value'] } };

/** Source: the schemas of SAML 1.1 and 2.0 (assertion and protocol) and of XML Encryption. */
const schemas: Readonly<Record<string, Schema>> = {
  [namespaces.saml1]: saml1,
  [namespaces.saml2]: saml2,
  [namespaces.samlp1]: {
    ...status,
    Response: { attributes: ['ResponseID', 'MinorVersion', 'IssueInstant'], fixed: { MajorVersion: '1' }, children: [['Status']], once: ['Status'] },
  },
  [namespaces.samlp2]: {
    ...status,
    Response: { attributes: ['ID', 'IssueInstant'], fixed: { Version: '2.0' }, children: [['Status']], once: ['Status', 'Extensions'] },
  },
  [namespaces.xenc]: {
    EncryptedData: { children: [['CipherData']], once: ['CipherData'] },
    CipherData: { children: [['CipherValue', 'CipherReference']] },
  },
};

/** What these hold is the sender's own business, or another message. */
const opaque = new Set([
  'Assertion',
  'AttributeValue',
  'Advice',
  'SubjectConfirmationData',
  'AuthnContextDecl',
  'Evidence',
  'Extensions',
  'StatusDetail',
  'KeyInfo',
]);

/** Attributes of the elements above that hold an xs:dateTime. */
const instants = new Set(['IssueInstant', 'AuthenticationInstant', 'AuthnInstant', 'SessionNotOnOrAfter']);

const either = (names: readonly string[]): string => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`);

const lackOf = (element: Element, required: Required): string | null => {
  const name = shownName(element);
  const count = (child: string): number => childElements(element, required.childrenOf ?? element.namespaceURI ?? '', child).length;
  for (const attribute of [...(required.attributes ?? []), ...Object.keys(required.fixed ?? {})])
    if (!element.hasAttribute(attribute)) return `${name} has no ${attribute}.`;
  for (const [attribute, value] of Object.entries(required.fixed ?? {})) {
    const found = element.getAttribute(attribute)?.trim() ?? '';
    if (found !== value) return `${name} has ${attribute} "${found.slice(0, 40)}"; expected "${value}".`;
  }
  for (const attribute of attributesOf(element))
    if (instants.has(attribute.name) && instant(attribute.value.trim()) === null)
      return `${name} has ${attribute.name} "${attribute.value.slice(0, 40)}", which is no date and time.`;
  for (const children of required.children ?? []) if (!children.some((child) => count(child) > 0)) return `${name} has no ${either(children)}.`;
  for (const child of required.once ?? []) if (count(child) > 1) return `${name} has ${count(child)} ${child} elements; expected one.`;
  return null;
};

/**
 * The first thing a SAML assertion, samlp:Response or xenc:EncryptedData (and what belongs to it below) lacks of what its schema asks for, as one
 * sentence; null where nothing. A receiver that validates refuses such a message.
 */
export const missingPart = (element: Element): string | null => {
  const schema = schemas[element.namespaceURI ?? ''];
  if (!schema) return null;
  const required = known(schema, element.localName);
  const lack = required && lackOf(element, required);
  if (lack !== null) return lack;
  for (const child of childElements(element)) {
    const below = opaque.has(child.localName ?? '') ? null : missingPart(child);
    if (below !== null) return below;
  }
  return null;
};
