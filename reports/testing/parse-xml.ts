/** Strict parsing: any complaint of the parser fails the test. */
import { DOMParser, type Document, type Element } from '@xmldom/xmldom';

export const parseXml = (text: string): Document =>
  new DOMParser({
    onError: (level, message) => {
      throw new Error(`${level}: ${message}`);
    },
  }).parseFromString(text, 'application/xml');

/** All elements in document order. */
export const elementsOf = (document: Document): Element[] => [...document.getElementsByTagName('*')];
