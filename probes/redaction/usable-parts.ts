/** From here on a random value is looked for in pieces. */
export const minOpaqueLength = 32;

/** A value of the characters that cookies, codes and signatures are made of, without structure. */
export const isOpaque = (secret: string): boolean => /^[A-Za-z0-9+/=_\-.~%!*']+$/.test(secret);

/** The parts of an XML token without which it cannot be replayed; its namespaces and public certificates are not secret and must stay readable. */
export function usableParts(xml: string): string[] {
  const secretPart = xml.replace(/<((?:\w+:)?X509Certificate)\b[^>]*>[^<]*<\/\1\s*>/g, '');
  const elements = [...secretPart.matchAll(/<(?:\w+:)?(?:SignatureValue|CipherValue|BinarySecret)\b[^>]*>([^<]+)</g)].map(([, text = '']) =>
    text.replace(/\s|&#1[03];|&#x0?[ad];/gi, ''),
  );
  const runs = secretPart.match(/[A-Za-z0-9+/=_-]{64,}/g) ?? [];
  return [...elements, ...runs].filter((part) => part.length >= minOpaqueLength);
}
