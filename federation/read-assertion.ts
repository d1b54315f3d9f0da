import type { Element } from '@xmldom/xmldom';
import { instant } from './instant';
import { missingPart } from './required-parts';
import { attributeOf, childElements, childNamed, namespaces, textOf } from './xml-elements';

/** What a clear SAML assertion says. */
export interface AssertionFacts {
  readonly type: string;
  readonly issuer: string | null;
  /** All audiences, separated by a space. */
  readonly audience: string | null;
  readonly notBefore: string | null;
  readonly notOnOrAfter: string | null;
  readonly authenticationMethod: string | null;
  /** Claim types, never values. */
  readonly claims: readonly string[];
  /** The whole text of the name identifier. */
  readonly subject: string | null;
  /** What the schema asks for and the assertion lacks; null where nothing. */
  readonly lacks: string | null;
}

export const isAssertion = (element: Element): boolean =>
  element.localName === 'Assertion' && (element.namespaceURI === namespaces.saml1 || element.namespaceURI === namespaces.saml2);

const statementNames: Readonly<Record<string, readonly string[]>> = {
  [namespaces.saml1]: ['AttributeStatement', 'AuthenticationStatement', 'AuthorizationDecisionStatement', 'SubjectStatement', 'Statement'],
  [namespaces.saml2]: ['AttributeStatement', 'AuthnStatement', 'AuthzDecisionStatement', 'Statement'],
};

const firstProblem = (checks: readonly (readonly [boolean, string])[]): string | null => checks.find(([holds]) => !holds)?.[1] ?? null;

const isInstantOrAbsent = (text: string | null): boolean => text === null || instant(text) !== null;

/** Claim type of a SAML 1.1 attribute: namespace and name, as WIF joins them. */
const claimType = (attribute: Element): string | null => {
  const name = attributeOf(attribute, 'AttributeName') ?? attributeOf(attribute, 'Name');
  const namespace = attributeOf(attribute, 'AttributeNamespace');
  return name === null || namespace === null ? name : `${namespace.replace(/\/$/, '')}/${name}`;
};

/**
 * Reads a SAML 1.1 or 2.0 assertion; nothing is verified. Comments inside values are left out and never cut a value.
 * Source: SAML 1.1 core §2, SAML 2.0 core §2; field guide §3.2 for AD FS's form.
 */
export const readAssertion = (assertion: Element): AssertionFacts => {
  const first = assertion.namespaceURI === namespaces.saml1;
  const namespace = first ? namespaces.saml1 : namespaces.saml2;
  const own = (parent: Element | null | undefined, name: string): Element[] => (parent ? childElements(parent, namespace, name) : []);
  const conditions = own(assertion, 'Conditions')[0];
  const restrictions = own(conditions, first ? 'AudienceRestrictionCondition' : 'AudienceRestriction');
  const audiences = restrictions.flatMap((restriction) => own(restriction, 'Audience')).map(textOf).filter((text) => text !== null); // prettier-ignore
  const attributes = own(assertion, 'AttributeStatement').flatMap((statement) => own(statement, 'Attribute'));
  const authentication = own(assertion, first ? 'AuthenticationStatement' : 'AuthnStatement')[0];
  const statements = childElements(assertion).filter((child) => child.namespaceURI === namespace && statementNames[namespace]?.includes(child.localName ?? ''));
  const subject = first
    ? childNamed(
        statements.find((statement) => childNamed(statement, 'Subject')),
        'Subject',
      )
    : own(assertion, 'Subject')[0];
  const issuer = first ? attributeOf(assertion, 'Issuer') : textOf(own(assertion, 'Issuer')[0]);
  const times = [attributeOf(conditions, 'NotBefore'), attributeOf(conditions, 'NotOnOrAfter')] as const;
  const id = attributeOf(assertion, first ? 'AssertionID' : 'ID');
  const version = first ? `${attributeOf(assertion, 'MajorVersion')}.${attributeOf(assertion, 'MinorVersion')}` : attributeOf(assertion, 'Version');
  return {
    type: namespace,
    issuer,
    audience: audiences.length > 0 ? audiences.join(' ') : null,
    notBefore: instant(times[0]),
    notOnOrAfter: instant(times[1]),
    authenticationMethod: first
      ? attributeOf(authentication, 'AuthenticationMethod')
      : textOf(childNamed(childNamed(authentication, 'AuthnContext'), 'AuthnContextClassRef')),
    claims: [...new Set(attributes.map((attribute) => (first ? claimType(attribute) : attributeOf(attribute, 'Name'))).filter((name) => name !== null))],
    subject: textOf(childNamed(subject, first ? 'NameIdentifier' : 'NameID')),
    lacks:
      firstProblem([
        [id !== null, `The assertion has no ${first ? 'AssertionID' : 'ID'}.`],
        [id === null || /^[^\s:]+$/.test(id), `The assertion's ID "${id?.slice(0, 80)}" is not an XML name.`],
        [first ? version === '1.1' || version === '1.0' : version === '2.0', `The assertion has version ${version}; expected ${first ? '1.1' : '2.0'}.`],
        [issuer !== null, 'The assertion has no Issuer.'],
        [instant(attributeOf(assertion, 'IssueInstant')) !== null, 'The assertion has no valid IssueInstant.'],
        [times.every(isInstantOrAbsent), 'The assertion has a NotBefore or NotOnOrAfter that is no date and time.'],
        [own(assertion, 'Conditions').length < 2, 'The assertion has several Conditions.'],
        [statements.length > 0 || (!first && subject !== undefined), 'The assertion makes no statement.'],
        // SAML 2.0 core §2.7 asks for it where SAML 1.1 has it in each statement.
        [first || subject !== undefined || statements.length === 0, 'The assertion makes statements about no Subject.'],
      ]) ?? missingPart(assertion),
  };
};
