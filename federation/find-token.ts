import type { Document, Element } from '@xmldom/xmldom';
import { isAssertion } from './read-assertion';
import { isEncryptedToken } from './read-encryption';
import { isSoapFault, readResponseFault, readSoapFault, type Fault } from './read-fault';
import { attributeOf, childElements, childNamed, descendantElements, namespaces, shownName } from './xml-elements';

/** Where the one token of a message is. */
export type TokenPlace =
  | {
      readonly found: 'token';
      readonly kind: 'wresult' | 'assertion';
      /** The RequestSecurityTokenResponse or samlp:Response around the token. */
      readonly response: Element | null;
      readonly token: Element;
      readonly form: 'assertion' | 'encrypted' | 'other';
    }
  | { readonly found: 'fault'; readonly fault: Fault }
  | {
      readonly found: 'nothing';
      readonly kind: 'wresult' | 'assertion' | 'unknown';
      readonly refused: 'ambiguous' | 'invalid-structure';
      readonly why: string;
    };

const { trust2005, trust13, soap11, soap12, samlp1, samlp2, ds } = namespaces;

const isTrust = (element: Element): boolean => element.namespaceURI === trust2005 || element.namespaceURI === trust13;
const isResponse = (element: Element): boolean => element.localName === 'Response' && (element.namespaceURI === samlp1 || element.namespaceURI === samlp2);
const isSoapEnvelope = (element: Element): boolean => element.localName === 'Envelope' && (element.namespaceURI === soap11 || element.namespaceURI === soap12);

interface Slot {
  readonly response: Element | null;
  readonly token: Element;
}

/** Tokens in the one place each kind of message has for them. */
const slotsOf = (message: Element): Slot[] => {
  if (isAssertion(message) || isEncryptedToken(message)) return [{ response: null, token: message }];
  if (isResponse(message))
    return childElements(message)
      .filter((child) => isAssertion(child) || isEncryptedToken(child))
      .map((token) => ({ response: message, token }));
  const responses =
    message.localName === 'RequestSecurityTokenResponseCollection'
      ? childElements(message).filter((child) => isTrust(child) && child.localName === 'RequestSecurityTokenResponse')
      : [message];
  return responses.flatMap((response) =>
    childElements(response)
      .filter((child) => isTrust(child) && child.localName === 'RequestedSecurityToken')
      .flatMap((holder) => childElements(holder).map((token) => ({ response, token }))),
  );
};

const kindOf = (message: Element): 'wresult' | 'assertion' | 'unknown' => {
  if (isAssertion(message) || isEncryptedToken(message) || isResponse(message)) return 'assertion';
  return /^RequestSecurityTokenResponse(Collection)?$/.test(message.localName ?? '') ? 'wresult' : 'unknown';
};

/** Signatures may stand in the token and in the samlp:Response or SOAP header around it; anywhere else they belong to something hidden. */
const strayLabel = (document: Document, place: Slot): string | null => {
  const allowed = new Set<Element | null>([place.token, place.response && isResponse(place.response) ? place.response : null]);
  const root = document.documentElement;
  const header = root && isSoapEnvelope(root) ? childNamed(root, 'Header') : null;
  const inHeader = new Set(header ? descendantElements(header) : []);
  const stray = descendantElements(document).find(
    (element) => element.namespaceURI === ds && element.localName === 'Signature' && !allowed.has(element.parentNode as Element) && !inHeader.has(element),
  );
  return stray ? shownName(stray.parentNode as Element) : null;
};

/**
 * Finds the one token of a WS-Federation or SAML message: RequestSecurityTokenResponse of WS-Trust 2005/02 and 1.3 (also as a collection or in a SOAP
 * envelope), samlp:Response, or a bare assertion. A second assertion anywhere, even hidden, makes it ambiguous.
 */
export const findToken = (document: Document): TokenPlace => {
  const root = document.documentElement;
  if (!root) return { found: 'nothing', kind: 'unknown', refused: 'invalid-structure', why: 'There is no element.' };
  const body = isSoapEnvelope(root) ? childNamed(root, 'Body') : null;
  const message = isSoapEnvelope(root) ? body && childElements(body)[0] : root;
  const nothing = (refused: 'ambiguous' | 'invalid-structure', why: string): TokenPlace => ({
    found: 'nothing',
    kind: message ? kindOf(message) : 'unknown',
    refused,
    why,
  });
  if (!message) return nothing('invalid-structure', 'The SOAP envelope has an empty body.');
  if (body && childElements(body).length > 1) return nothing('ambiguous', 'The SOAP body has more than one element.');

  const everywhere = descendantElements(document);
  const assertions = everywhere.filter((element) => isAssertion(element) || (element.localName === 'EncryptedAssertion' && isEncryptedToken(element)));
  if (assertions.length > 1)
    return nothing(
      'ambiguous',
      `The message has ${assertions.length} assertions (IDs ` +
        `${assertions
          .map((each) => attributeOf(each, 'AssertionID') ?? attributeOf(each, 'ID') ?? 'none')
          .join(', ')
          .slice(0, 200)}); ` +
        `expected exactly one. Which one a receiver reads is open: signature wrapping.`,
    );
  if (everywhere.filter(isResponse).length > 1) return nothing('ambiguous', 'The message has more than one samlp:Response.');
  if (isSoapFault(message)) return { found: 'fault', fault: readSoapFault(message) };
  const kind = kindOf(message);
  if (kind === 'unknown')
    return nothing(
      'invalid-structure',
      `The document is a ${shownName(message)} in namespace "${(message.namespaceURI ?? '').slice(0, 120)}"; ` +
        `expected federation metadata, a RequestSecurityTokenResponse or an assertion.`,
    );
  if (kind === 'wresult' && !isTrust(message))
    return nothing(
      'invalid-structure',
      `${shownName(message)} is in the unknown namespace "${(message.namespaceURI ?? '').slice(0, 120)}"; expected WS-Trust 2005/02 or 1.3.`,
    );

  const slots = slotsOf(message);
  const slot = slots[0];
  const beside = slots.find(({ token }) => token.namespaceURI === ds && token.localName === 'Signature');
  if (beside && slots.length > 1)
    return nothing('ambiguous', 'A signature is misplaced: it stands beside the token, not in it, and proves nothing about what is read.');
  if (slots.length > 1) return nothing('ambiguous', `The message has ${slots.length} tokens; expected exactly one.`);
  const hidden = assertions[0];
  if (hidden && hidden !== slot?.token)
    return nothing('ambiguous', `The assertion stands in ${shownName(hidden.parentNode as Element)}, where no receiver may look for it: signature wrapping.`);
  if (!slot) {
    const fault = isResponse(message) ? readResponseFault(message) : null;
    return fault ? { found: 'fault', fault } : nothing('invalid-structure', `${shownName(message)} holds no token.`);
  }
  const stray = strayLabel(document, slot);
  if (stray !== null)
    return nothing('ambiguous', `A signature is misplaced: it stands in ${stray}, away from the assertion, and proves nothing about what is read.`);
  return {
    found: 'token',
    kind: kind === 'wresult' ? 'wresult' : 'assertion',
    response: slot.response,
    token: slot.token,
    form: isAssertion(slot.token) ? 'assertion' : isEncryptedToken(slot.token) ? 'encrypted' : 'other',
  };
};
