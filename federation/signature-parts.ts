import type { Element } from '@xmldom/xmldom';
import type { Canonicalization } from './canonical-xml';
import { base64Bytes } from './certificate-facts';
import {
  canonicalizations,
  digestAlgorithms,
  envelopedTransform,
  known,
  signatureAlgorithms,
  type HashName,
  type SignatureAlgorithm,
} from './signature-algorithms';
import { childElements, descendantElements, namespaces, textOf, shownName } from './xml-elements';

/** What a ds:Signature says, taken apart; nothing is verified yet. */
export interface SignatureParts {
  readonly signedInfo: Element;
  readonly signedInfoMethod: Canonicalization;
  readonly algorithm: SignatureAlgorithm;
  readonly value: Buffer;
  /** The Reference's URI; null where the attribute is absent. */
  readonly uri: string | null;
  readonly enveloped: boolean;
  readonly referenceMethod: Canonicalization;
  readonly digest: HashName;
  readonly digestValue: Buffer;
  readonly keyInfo: Element | null;
}

export type PartsProblem = { readonly problem: 'ambiguous' | 'unknown-algorithm' | 'invalid'; readonly why: string };

const { ds, excC14n } = namespaces;

const problem = (kind: PartsProblem['problem'], why: string): PartsProblem => ({ problem: kind, why });

/** Exactly one child of that name; none breaks the signature, several make it ambiguous. */
const single = (parent: Element, name: string): Element | PartsProblem => {
  const found = childElements(parent, ds, name);
  if (found.length > 1) return problem('ambiguous', `The signature has ${found.length} ${name} elements; expected one.`);
  return found[0] ?? problem('invalid', `The signature has no ${name}.`);
};

const isProblem = (value: object): value is PartsProblem => 'problem' in value;

/** A CanonicalizationMethod or Transform with a canonicalization of the allow-list; null where it is another algorithm. */
const canonicalizationOf = (method: Element): Canonicalization | null => {
  const found = known(canonicalizations, method.getAttribute('Algorithm'));
  if (!found) return null;
  const children = childElements(method);
  const inclusive = children[0];
  if (!inclusive) return { ...found, inclusivePrefixes: [] };
  if (!found.exclusive || children.length > 1 || inclusive.namespaceURI !== excC14n || inclusive.localName !== 'InclusiveNamespaces') return null;
  const prefixes = (inclusive.getAttribute('PrefixList') ?? '').split(/[ \t\r\n]+/).filter((prefix) => prefix !== '');
  return { ...found, inclusivePrefixes: prefixes.map((prefix) => (prefix === '#default' ? '' : prefix)) };
};

const transformsOf = (reference: Element): { enveloped: boolean; method: Canonicalization } | PartsProblem => {
  const lists = childElements(reference, ds, 'Transforms');
  if (lists.length > 1) return problem('ambiguous', 'The reference has several Transforms lists.');
  let enveloped = false;
  let method: Canonicalization | null = null;
  for (const transform of lists[0] ? childElements(lists[0]) : []) {
    const algorithm = transform.getAttribute('Algorithm') ?? '';
    const canonical = transform.namespaceURI === ds && transform.localName === 'Transform' ? canonicalizationOf(transform) : null;
    if (algorithm === envelopedTransform && !enveloped && !method && childElements(transform).length === 0) enveloped = true;
    else if (canonical && !method) method = canonical;
    else
      return problem(
        'unknown-algorithm',
        `The transform "${algorithm.slice(0, 120)}" is not accepted here; expected enveloped-signature, then one canonicalization.`,
      );
  }
  // Without a canonicalization XML-DSig §4.4.3.2 prescribes Canonical XML 1.0. A reference within the document leaves comments out in any case.
  return { enveloped, method: { ...(method ?? { exclusive: false, inclusivePrefixes: [] }), withComments: false } };
};

const signedInfoNames = new Set(['CanonicalizationMethod', 'SignatureMethod', 'Reference']);

/** Takes a ds:Signature apart; anything the schema does not allow, several of one thing, or an algorithm off the allow-list is a problem. */
export const signatureParts = (signature: Element): SignatureParts | PartsProblem => {
  const inside = descendantElements(signature);
  if (
    inside.some(
      (element) => element.namespaceURI === ds && (element.localName === 'Object' || element.localName === 'Signature' || element.localName === 'Manifest'),
    )
  )
    return problem('ambiguous', 'The signature holds a ds:Object, a Manifest or another signature: content can hide there.');
  const foreign = childElements(signature).find(
    (child) => child.namespaceURI !== ds || !['SignedInfo', 'SignatureValue', 'KeyInfo'].includes(child.localName ?? ''),
  );
  if (foreign) return problem('invalid', `The signature holds an unexpected ${shownName(foreign)}.`);
  const signedInfo = single(signature, 'SignedInfo');
  if (isProblem(signedInfo)) return signedInfo;
  const signatureValue = single(signature, 'SignatureValue');
  if (isProblem(signatureValue)) return signatureValue;
  const keyInfos = childElements(signature, ds, 'KeyInfo');
  if (keyInfos.length > 1) return problem('ambiguous', 'The signature has several KeyInfo elements.');
  const stranger = childElements(signedInfo).find((child) => child.namespaceURI !== ds || !signedInfoNames.has(child.localName ?? ''));
  if (stranger) return problem('invalid', `SignedInfo holds an unexpected ${shownName(stranger)}.`);
  const [c14n, method, reference] = [single(signedInfo, 'CanonicalizationMethod'), single(signedInfo, 'SignatureMethod'), single(signedInfo, 'Reference')];
  for (const part of [c14n, method, reference]) if (isProblem(part)) return part;
  if (isProblem(c14n) || isProblem(method) || isProblem(reference)) return problem('invalid', 'SignedInfo is incomplete.');

  const signedInfoMethod = canonicalizationOf(c14n);
  if (!signedInfoMethod)
    return problem('unknown-algorithm', `The canonicalization "${(c14n.getAttribute('Algorithm') ?? '').slice(0, 120)}" is not accepted here.`);
  const algorithm = known(signatureAlgorithms, method.getAttribute('Algorithm'));
  if (!algorithm || childElements(method).length > 0)
    return problem(
      'unknown-algorithm',
      `The signature algorithm "${(method.getAttribute('Algorithm') ?? '').slice(0, 120)}" is not accepted here; expected RSA or ECDSA with SHA-1 or SHA-2.`,
    );
  const transforms = transformsOf(reference);
  if (isProblem(transforms)) return transforms;
  const [digestMethod, digestText] = [single(reference, 'DigestMethod'), single(reference, 'DigestValue')];
  if (isProblem(digestMethod)) return digestMethod;
  if (isProblem(digestText)) return digestText;
  const digest = known(digestAlgorithms, digestMethod.getAttribute('Algorithm'));
  if (!digest)
    return problem('unknown-algorithm', `The digest algorithm "${(digestMethod.getAttribute('Algorithm') ?? '').slice(0, 120)}" is not accepted here.`);
  const value = base64Bytes(textOf(signatureValue) ?? '');
  if (!value) return problem('invalid', 'The SignatureValue is not base64 text.');
  const digestValue = base64Bytes(textOf(digestText) ?? '');
  if (!digestValue) return problem('invalid', 'The DigestValue is not base64 text.');
  return {
    signedInfo, signedInfoMethod, algorithm, value,
    uri: reference.hasAttribute('URI') ? reference.getAttribute('URI') : null,
    enveloped: transforms.enveloped, referenceMethod: transforms.method, digest, digestValue, keyInfo: keyInfos[0] ?? null,
  }; // prettier-ignore
};
