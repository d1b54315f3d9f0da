import { binaryVariants } from './binary-variants';

/** A long text with structure (an XML token) in the encodings it travels in as a whole; its parts are looked for separately (opaque-secrets). */
export function longTextVariants(text: string): string[] {
  const lineEndings = new Set([text, text.replace(/\r\n?/g, '\n'), text.replace(/\r\n|\r|\n/g, '\r\n')]);
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

function percentEncodings(value: string): string[] {
  const upper = encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\uFFFD'));
  const strict = upper.replace(/[!'()~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return [upper, strict]
    .flatMap((text) => [text, text.replace(/%20/g, '+')])
    .flatMap((text) => [text, text.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())]);
}
