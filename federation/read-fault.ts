import type { Element } from '@xmldom/xmldom';
import { attributeOf, childElements, childNamed, namespaces, textOf } from './xml-elements';

/** An error message in place of a token. */
export interface Fault {
  /** Code, and below it the more special codes, e.g. `env:Sender`, `fed:BadRequest`. */
  readonly codes: readonly string[];
  readonly reason: string | null;
  readonly detail: string | null;
}

export const isSoapFault = (element: Element): boolean =>
  element.localName === 'Fault' && (element.namespaceURI === namespaces.soap11 || element.namespaceURI === namespaces.soap12);

const nestedCodes = (code: Element | null, read: (element: Element) => string | null, below: string): string[] => {
  const codes: string[] = [];
  for (let at = code; at; at = childNamed(at, below)) {
    const value = read(at);
    if (value !== null) codes.push(value);
  }
  return codes;
};

const cut = (text: string | null): string | null => text?.replace(/\s+/g, ' ').slice(0, 1000) ?? null;

/** Reads a SOAP 1.1 or 1.2 fault. */
export const readSoapFault = (fault: Element): Fault =>
  fault.namespaceURI === namespaces.soap12
    ? {
        codes: nestedCodes(childNamed(fault, 'Code'), (code) => textOf(childNamed(code, 'Value')), 'Subcode'),
        reason: cut(textOf(childNamed(childNamed(fault, 'Reason'), 'Text'))),
        detail: cut(textOf(childNamed(fault, 'Detail'))),
      }
    : {
        codes: [textOf(childNamed(fault, 'faultcode'))].filter((code) => code !== null),
        reason: cut(textOf(childNamed(fault, 'faultstring'))),
        detail: cut(textOf(childNamed(fault, 'detail'))),
      };

/** The error a samlp:Response reports by its status, or null where its status is success or missing. */
export const readResponseFault = (response: Element): Fault | null => {
  const status = childElements(response, response.namespaceURI ?? undefined, 'Status')[0] ?? null;
  const codes = nestedCodes(childNamed(status, 'StatusCode'), (code) => attributeOf(code, 'Value'), 'StatusCode');
  if (codes.length === 0 || /[:]Success$/.test(codes[0] ?? '')) return null;
  return { codes, reason: cut(textOf(childNamed(status, 'StatusMessage'))), detail: cut(textOf(childNamed(status, 'StatusDetail'))) };
};

/** One sentence for people. */
export const faultSentence = ({ codes, reason, detail }: Fault): string =>
  `The answer is an error, not a token: ${codes.join(' / ') || 'no code'}: ${reason ?? 'no reason given'}${detail === null ? '' : ` (${detail})`}.`.replace(
    /\.\.$/,
    '.',
  );
