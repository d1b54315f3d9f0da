import { binaryVariants } from './binary-variants';

/**
 * Up to here a text is looked for in every mix of encodings, which are some 600 spellings (tokens of AD FS have 4 to 30 kB). A longer one would fill the
 * memory with them.
 */
const longestVaried = 64 * 1024;

/**
 * A long text with structure (an XML token) in the encodings it travels in as a whole;
 * the parts that make it usable are looked for separately, in any encoding and whatever its length (opaque-secrets).
 */
export function longTextVariants(text: string): string[] {
  const lineEndings = new Set([text, text.replace(/\r\n?/g, '\n'), text.replace(/\r\n|\r|\n/g, '\r\n')]);
  if (text.length > longestVaried) return [...lineEndings].flatMap((value) => [value, JSON.stringify(value).slice(1, -1), formEncoded(value)]);
  const variants = new Set<string>();
  for (const value of lineEndings) {
    const bareGreater = value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
    for (const form of [value, bareGreater, bareGreater.replace(/>/g, '&gt;')]) {
      variants.add(form);
      variants.add(JSON.stringify(form).slice(1, -1));
      for (const encoded of percentEncodings(form)) {
        variants.add(encoded);
        for (const twice of percentEncodings(encoded)) variants.add(twice);
      }
    }
    for (const binary of binaryVariants(value)) variants.add(binary);
  }
  return [...variants];
}

/** As a browser's form posts it. */
const formEncoded = (value: string): string => new URLSearchParams([['', value]]).toString().slice(1);

function percentEncodings(value: string): string[] {
  const upper = encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\uFFFD'));
  const strict = upper.replace(/[!'()~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return [upper, strict]
    .flatMap((text) => [text, text.replace(/%20/g, '+')])
    .flatMap((text) => [text, text.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())]);
}
