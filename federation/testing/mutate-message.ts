/** Ways in which a message can be spoilt, for fuzzing: what random damage does, and what people do who know XML parsers. */
import fc from 'fast-check';

type Mutation = (text: string, other: string) => string;

/** What is known to trouble readers of XML, signatures and form bodies. */
const tokens = [
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
  '&b;',
  '&#0;',
  '&#xD800;',
  '&lt;',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<?xml version="1.1" encoding="UTF-16"?>',
  '<?a b?>',
  '<',
  '>',
  '</',
  '/>',
  '"',
  "'",
  '=',
  'xmlns=""',
  'xmlns:saml="urn:x"',
  ' AssertionID="_6f8e1e8b-d3df-43b7-8b39-2681776af63d"',
  ' ID="_43144f19-220f-44a7-b8d9-12207fc27b25"',
  'URI="#xpointer(/)"',
  '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">',
  'http://www.w3.org/TR/1999/REC-xslt-19991116',
  'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
  '\u0000',
  '\uFFFE',
  '\uD800',
  '\uFEFF',
  '\u202E',
  '\r',
  '%00',
  '%',
  '+',
  '&wresult=',
  '%3C',
  '99999999999999999999',
  '-1',
  '0000-00-00T99:99:99Z',
] as const;

const at = (text: string, share: number): number => Math.floor(share * text.length);
const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const repeated = (piece: string, times: number): string => piece.repeat(Math.min(times, Math.ceil(2_000_000 / Math.max(1, piece.length))));

/** Damage that leaves the message well-formed, so that what reads it further in is reached. */
const inPlace: fc.Arbitrary<Mutation> = fc
  .record({
    which: share,
    value: fc.oneof(fc.constantFrom(...tokens), fc.string({ unit: 'binary', maxLength: 12 })),
    kind: fc.constantFrom('attribute', 'text', 'name', 'twin'),
  })
  .map(({ which, value, kind }): Mutation => (text, other) => {
    const escaped = value.replace(/[&<>"\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, (character) => `&#${Math.max(32, character.charCodeAt(0) % 0xd800)};`);
    const around = text.slice(at(text, which), at(text, which) + 6_000);
    const after = text.slice(at(text, which) + 6_000);
    const changed = {
      attribute: () => around.replace(/="[^"<>]*"/, `="${escaped.replaceAll('$', '$$$$')}"`),
      text: () => around.replace(/>[^<>]+</, `>${escaped.replaceAll('$', '$$$$')}<`),
      name: () => around.replace(/<([\w:]+)([^<>]*)>([^<>]*)<\/\1>/, '<renamed$2>$3</renamed>'),
      twin: () =>
        around.replace(
          /<([\w:]+)\b[^<>]*>[^<>]*<\/\1>/,
          (element) => element + (/<([\w:]+)\b[^<>]*>[^<>]*<\/\1>/.exec(other.slice(at(other, which)))?.[0] ?? element),
        ),
    }[kind]();
    return text.slice(0, at(text, which)) + changed + after;
  });

const damage: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ from: share, length: fc.nat(400) }).map(
    ({ from, length }): Mutation =>
      (text) =>
        text.slice(0, at(text, from)) + text.slice(at(text, from) + length),
  ),
  fc.record({ from: share, length: fc.nat(600), to: share }).map(
    ({ from, length, to }): Mutation =>
      (text) =>
        text.slice(0, at(text, to)) + text.slice(at(text, from), at(text, from) + length) + text.slice(at(text, to)),
  ),
  fc.record({ to: share, token: fc.constantFrom(...tokens) }).map(
    ({ to, token }): Mutation =>
      (text) =>
        text.slice(0, at(text, to)) + token + text.slice(at(text, to)),
  ),
  fc.record({ to: share, code: fc.nat(0xffff) }).map(
    ({ to, code }): Mutation =>
      (text) =>
        text.slice(0, at(text, to)) + String.fromCharCode(code) + text.slice(at(text, to) + 1),
  ),
  // Parts of another message.
  fc.record({ to: share, from: share, length: fc.nat(4_000) }).map(
    ({ to, from, length }): Mutation =>
      (text, other) =>
        text.slice(0, at(text, to)) + other.slice(at(other, from), at(other, from) + length) + text.slice(at(text, to)),
  ),
  // A whole element moved, doubled or repeated.
  fc.record({ which: share, to: share, times: fc.nat(3) }).map(({ which, to, times }): Mutation => (text) => {
    const element = /<([\w:]+)\b[^<>]*>[^<>]*<\/\1>|<[^<>]+\/>/.exec(text.slice(at(text, which), at(text, which) + 10_000))?.[0] ?? '';
    const place = Math.max(0, text.indexOf('<', at(text, to)));
    return text.slice(0, place) + element.repeat(times) + text.slice(place);
  }),
  // More of something than anybody sends.
  fc
    .record({
      to: share,
      piece: fc.constantFrom('<a>', '<a/>', ' a="b"', '<!--x-->', 'A', '&amp;', '<ds:Reference URI=""/>', ' ', '%25', '<a xmlns:b="c">'),
      times: fc.oneof({ weight: 9, arbitrary: fc.nat(300) }, { weight: 1, arbitrary: fc.nat(30_000) }),
    })
    .map(
      ({ to, piece, times }): Mutation =>
        (text) =>
          text.slice(0, at(text, to)) + repeated(piece, times) + text.slice(at(text, to)),
    ),
);

const mutation: fc.Arbitrary<Mutation> = fc.oneof({ weight: 3, arbitrary: inPlace }, { weight: 2, arbitrary: damage });

const wrapping: fc.Arbitrary<(text: string) => Buffer> = fc.oneof(
  { weight: 12, arbitrary: fc.constant((text: string) => Buffer.from(text, 'utf8')) },
  { weight: 1, arbitrary: fc.constant((text: string) => Buffer.from(text, 'utf16le')) },
  { weight: 1, arbitrary: fc.constant((text: string) => Buffer.from(text, 'latin1')) },
  { weight: 2, arbitrary: fc.constant((text: string) => Buffer.from(Buffer.from(text).toString('base64'))) },
  { weight: 2, arbitrary: fc.constant((text: string) => Buffer.from(`wa=wsignin1.0&wresult=${encodeURIComponent(Buffer.from(text).toString())}&wctx=x`)) },
);

/** A message made from one of the seeds by one to four mutations, in one of the spellings `inspect` reads. */
export function spoiltMessage(seeds: readonly string[]): fc.Arbitrary<Buffer> {
  const seed = fc.constantFrom(...seeds);
  return fc
    .record({ text: seed, other: seed, mutations: fc.array(mutation, { minLength: 1, maxLength: 4 }), wrap: wrapping })
    .map(({ text, other, mutations, wrap }) => wrap(mutations.reduce((spoilt, each) => each(spoilt, other).slice(0, 2_500_000), text)));
}
