import type { Element } from '@xmldom/xmldom';
import { childElements, namespaces, shownName } from './xml-elements';

const { saml1, saml2, samlp1, samlp2 } = namespaces;

/** Where the schema of each signed SAML element has its one ds:Signature. */
const places: Readonly<Record<string, { readonly words: string; readonly fits: (children: readonly Element[], at: number) => boolean }>> = {
  [`${saml1} Assertion`]: { words: 'SAML 1.1 has it last in the assertion, after the statements', fits: (children, at) => at === children.length - 1 },
  [`${saml2} Assertion`]: { words: 'SAML 2.0 has it right after the Issuer', fits: (children, at) => at === 1 && children[0]?.localName === 'Issuer' },
  [`${samlp1} Response`]: { words: 'SAML 1.1 has it first in a Response', fits: (_, at) => at === 0 },
  [`${samlp2} Response`]: {
    words: 'SAML 2.0 has it first in a Response, or right after its Issuer',
    fits: (children, at) => at === 0 || (at === 1 && children[0]?.localName === 'Issuer'),
  },
};

/**
 * Why a signature stands where its element's schema has none, as one sentence; null where it stands right, or the element is not SAML's.
 * A receiver that goes by the schema refuses such a message or reads it unsigned. Source: the schemas of SAML 1.1 and 2.0, assertion and protocol.
 */
export const misplaced = (element: Element, signature: Element): string | null => {
  const place = places[`${element.namespaceURI} ${element.localName}`];
  const children = childElements(element);
  const at = children.indexOf(signature);
  if (!place || place.fits(children, at)) return null;
  const [before, after] = [children[at - 1], children[at + 1]];
  const where = before ? `after ${shownName(before)}` : after ? `before ${shownName(after)}` : 'alone';
  return `The signature is misplaced: it stands ${where} in ${shownName(element)}; ${place.words}.`;
};
