import { createHash, timingSafeEqual, type X509Certificate } from 'node:crypto';
import type { Document, Element, Node } from '@xmldom/xmldom';
import type { CertificateFacts } from '../contracts/evidence';
import type { SignatureStatus } from '../contracts/words';
import { canonicalDocument, canonicalXml } from './canonical-xml';
import { certificateFacts } from './certificate-facts';
import { reopenXml, type OpenedXml } from './gate';
import { offeredKeys, type OfferedKeys } from './key-info';
import { withCarriageReturns } from './line-endings';
import { verifiesWith } from './signature-algorithms';
import { signatureParts, type SignatureParts } from './signature-parts';
import { misplaced } from './signature-place';
import { attributesOf, childElements, descendantElements, isElement, namespaces, shownName } from './xml-elements';

export type LineEndings = 'as-is' | 'cr-restored';

export interface SignatureJudgement {
  readonly status: SignatureStatus;
  /** The certificate that made the signature, where it verifies: as the token names it, else the trusted one that fits. */
  readonly signer: CertificateFacts | null;
  readonly signerSha1: string | null;
  /** `cr-restored`: the signature holds only with the carriage returns the XML parser removed. */
  readonly lineEndings: LineEndings;
  readonly why: string;
  /** The signature stands where the schema has none. */
  readonly misplaced: boolean;
  /** Certificates in KeyInfo, whether or not they fit. */
  readonly offered: readonly CertificateFacts[];
}

/** ID attributes of SAML 1.1, SAML 2.0, metadata, XML-DSig, WS-Security and XML itself. */
const idAttributeNames = new Set(['AssertionID', 'ResponseID', 'RequestID', 'ID', 'Id', 'id']);

const idsOf = (element: Element): string[] =>
  attributesOf(element).flatMap((attribute) => (idAttributeNames.has(attribute.localName ?? attribute.name) ? [attribute.value] : []));

/** Schema fixes what SignedInfo holds; a Reference's own Id names the reference and is no target (.NET writers repeat the assertion's ID there). */
const isReference = (element: Element): boolean =>
  element.namespaceURI === namespaces.ds && element.localName === 'Reference' && isElement(element.parentNode) && element.parentNode.localName === 'SignedInfo';

const factsOf = (certificate: X509Certificate): CertificateFacts | null => {
  const facts = certificateFacts(certificate);
  return 'unreadable' in facts ? null : facts;
};

/** Whether the one reference covers the element that carries the signature, and nothing else could be meant. */
const coverage = (document: Document, element: Element, parts: SignatureParts): { readonly status: 'ambiguous' | 'invalid'; readonly why: string } | null => {
  const own = new Set(idsOf(element));
  const elements = descendantElements(document).filter((other) => !isReference(other));
  const repeated = elements.some((other) => other !== element && idsOf(other).some((id) => own.has(id)));
  if (repeated) return { status: 'ambiguous', why: `The ID ${[...own].join(', ').slice(0, 120)} occurs on more than one element.` };
  // XML-DSig §4.4.3.1: without URI the application knows what is meant; with an enveloped signature that is the element around it.
  if (parts.uri === null)
    return parts.enveloped ? null : { status: 'ambiguous', why: 'The reference has no URI and the signature is not enveloped: it names nothing.' };
  if (parts.uri === '')
    return element === document.documentElement
      ? null
      : { status: 'ambiguous', why: 'The reference covers the whole document, not the element that carries the signature.' };
  const id = parts.uri.startsWith('#') ? parts.uri.slice(1) : null;
  if (id !== null && own.has(id)) return null;
  if (id !== null && /^[\w.-]+$/.test(id) && !elements.some((other) => idsOf(other).includes(id)))
    return {
      status: 'invalid',
      why:
        `The reference names ${parts.uri.slice(0, 120)}, which is not in the document; ` +
        `the element that carries the signature has ${own.size > 0 ? `ID ${[...own][0]?.slice(0, 120)}` : 'no ID'}.`,
    };
  return { status: 'ambiguous', why: `The signature covers "${parts.uri.slice(0, 120)}", not the element that carries it: signature wrapping.` };
};

/** Position of an element as child indexes from the root, to find it again in another spelling of the same document. */
const pathOf = (element: Element): number[] => {
  const path: number[] = [];
  for (let node: Node = element; isElement(node.parentNode); node = node.parentNode) path.unshift(childElements(node.parentNode).indexOf(node as Element));
  return path;
};
const elementAt = (document: Document, path: readonly number[]): Element | null =>
  path.reduce<Element | null>((parent, index) => (parent ? (childElements(parent)[index] ?? null) : null), document.documentElement);

const signatureOf = (element: Element): Element[] => childElements(element, namespaces.ds, 'Signature');

type Mathematics = { readonly digestHolds: boolean; readonly judgement: Pick<SignatureJudgement, 'status' | 'signer' | 'why'> };

const plural = (count: number): string => `${count} known signing certificate${count === 1 ? '' : 's'}`;

/** A KeyInfo that names two keys is said so. Without a known certificate it is all there is to name the signer by, so then it names none. */
const withContradiction = (judgement: Mathematics['judgement'], { contradicts }: OfferedKeys): Mathematics['judgement'] => {
  if (!contradicts) return judgement;
  const { status, signer, why } = judgement;
  const said = `${why} Its KeyInfo contradicts itself: the KeyValue is another key than the certificate's`;
  return status === 'valid' ? { status, signer, why: `${said}.` } : { status, signer: null, why: `${said}, so who signed is not said.` };
};

/** Digest and signature value of one spelling of the document. */
const calculate = (element: Element, signature: Element, parts: SignatureParts, offered: OfferedKeys, trusted: readonly X509Certificate[]): Mathematics => {
  const omit = parts.enveloped ? signature : null;
  // An empty URI means the document, of which the element is then the root (`coverage`).
  const content =
    parts.uri === '' && element.ownerDocument
      ? canonicalDocument(element.ownerDocument, parts.referenceMethod, omit)
      : canonicalXml(element, parts.referenceMethod, omit);
  const digest = createHash(parts.digest).update(content, 'utf8').digest();
  if (digest.length !== parts.digestValue.length || !timingSafeEqual(digest, parts.digestValue))
    return {
      digestHolds: false,
      judgement: {
        status: 'invalid',
        signer: null,
        why: parts.enveloped
          ? 'The digest does not match: the signed content was changed after signing.'
          : 'The digest does not match: the signature stands inside what it signs, and no enveloped-signature transform leaves it out.',
      },
    };
  const data = Buffer.from(canonicalXml(parts.signedInfo, parts.signedInfoMethod), 'utf8');
  const fits = (certificate: X509Certificate): boolean => verifiesWith(certificate.publicKey, parts.algorithm, data, parts.value);
  const named = offered.certificates.find(fits) ?? null;
  const known = trusted.find((certificate) => certificate.fingerprint256 === named?.fingerprint256) ?? trusted.find(fits) ?? null;
  const of = (status: SignatureStatus, signer: X509Certificate | null, why: string): Mathematics => ({
    digestHolds: true,
    judgement: withContradiction({ status, signer: signer && factsOf(signer), why }, offered),
  });
  if (known && named && known.fingerprint256 !== named.fingerprint256)
    return of('valid', named, 'The signature verifies; the certificate it names is another than the known one, with the same key.');
  if (known && !named && offered.certificates.length > 0)
    return of('valid', known, 'The signature verifies with a known certificate, although its KeyInfo names another one.');
  if (known) return of('valid', named ?? known, 'The signature verifies with a known signing certificate.');
  if (named || offered.keys.some((key) => verifiesWith(key, parts.algorithm, data, parts.value)))
    return of(
      'untrusted-key',
      named,
      trusted.length === 0
        ? 'The signature verifies only with the key it carries itself; no signing certificate is known to compare with (give the federation metadata).'
        : `The signature verifies only with the key it carries itself, which is none of the ${plural(trusted.length)}.`,
    );
  if (trusted.length === 0 && offered.certificates.length === 0 && offered.keys.length === 0)
    return of('untrusted-key', null, 'The digest matches, but no key is known to verify the signature with (give the federation metadata).');
  return of(
    'invalid',
    null,
    `The signature value verifies neither with the key it names nor with ${trusted.length === 0 ? 'any other' : `any of the ${plural(trusted.length)}`}.`,
  );
};

/**
 * Judges the enveloped XML signature of one element against certificates known beforehand; KeyInfo alone is never a reason to trust.
 * The digest is computed over the very element the caller reads, so a wrapped copy elsewhere can never lend it its signature.
 * @param xml the opened document `element` belongs to
 * @param element the assertion, response or entity descriptor that should be signed
 * @param trusted certificates that may have signed it
 * @returns never throws. `untrusted-key` = mathematically sound, by a key that is not known; `invalid` = verifies with no key, or was changed.
 * Source: XML-DSig core, SAML core §5.4, expected.json of the corpus (carriage returns).
 */
export const judgeSignature = (xml: OpenedXml, element: Element, trusted: readonly X509Certificate[]): SignatureJudgement => {
  const signatures = signatureOf(element);
  const signature = signatures[0];
  const result = (status: SignatureStatus, why: string, offered: readonly X509Certificate[] = []): SignatureJudgement => ({
    status, signer: null, signerSha1: null, lineEndings: 'as-is', why, misplaced: false, offered: offered.map(factsOf).filter((facts) => facts !== null),
  }); // prettier-ignore
  if (!signature) return result('absent', `${shownName(element)} has no signature.`);
  if (signatures.length > 1) return result('ambiguous', `${shownName(element)} has ${signatures.length} signatures; expected one.`);
  const offered = offeredKeys(childElements(signature, namespaces.ds, 'KeyInfo')[0] ?? null);
  const parts = signatureParts(signature);
  if ('problem' in parts) return result(parts.problem, parts.why, offered.certificates);
  const uncovered = coverage(xml.document, element, parts);
  if (uncovered) return result(uncovered.status, uncovered.why, offered.certificates);
  const place = misplaced(element, signature);
  if (place !== null) return { ...result('invalid', place, offered.certificates), misplaced: true };
  if (offered.unreadable !== null) return result('invalid', `The signing certificate is invalid: ${offered.unreadable}`, offered.certificates);

  const asIs = calculate(element, signature, parts, offered, trusted);
  const finish = (mathematics: Mathematics, lineEndings: LineEndings): SignatureJudgement => ({
    ...result(
      mathematics.judgement.status,
      lineEndings === 'as-is' ? mathematics.judgement.why : `${mathematics.judgement.why} It holds only with the carriage returns that XML parsing removes.`,
      offered.certificates,
    ),
    signer: mathematics.judgement.signer,
    signerSha1: mathematics.judgement.signer?.sha1 ?? null,
    lineEndings,
  });
  if (asIs.digestHolds) return finish(asIs, 'as-is');
  const path = pathOf(element);
  for (const spelling of withCarriageReturns(xml.text, rootStart(xml.text))) {
    const document = reopenXml(spelling);
    const again = document && elementAt(document, path);
    const itsSignature = again && signatureOf(again)[0];
    const itsParts = itsSignature && signatureParts(itsSignature);
    if (!again || !itsParts || 'problem' in itsParts) continue;
    const restored = calculate(again, itsSignature, itsParts, offered, trusted);
    if (restored.digestHolds) return finish(restored, 'cr-restored');
  }
  return finish(asIs, 'as-is');
};

const worstFirst: readonly SignatureStatus[] = ['ambiguous', 'unknown-algorithm', 'invalid', 'untrusted-key', 'valid'];

/** Of several judgements on one message the worst; null where nothing is signed. */
export const worstJudgement = (judgements: readonly SignatureJudgement[]): SignatureJudgement | null =>
  judgements.filter(({ status }) => status !== 'absent').sort((a, b) => worstFirst.indexOf(a.status) - worstFirst.indexOf(b.status))[0] ?? null;

/** Where the root element begins in well-formed text: behind declaration, comments and processing instructions. */
const rootStart = (text: string): number => {
  let at = text.indexOf('<');
  while (text.startsWith('<?', at) || text.startsWith('<!--', at))
    at = text.indexOf('<', text.startsWith('<?', at) ? text.indexOf('?>', at) + 2 : text.indexOf('-->', at + 4) + 3);
  return at;
};
