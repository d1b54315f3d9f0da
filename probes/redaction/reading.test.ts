import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { plainReading, readingsOf, skeletonOf, skeletonTexts, textsOf, textWithoutEscapes, textWithoutTags, withoutEscapes, withoutTags } from './reading';
import { TypedSecrets } from './typed-secrets';

const pieces = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom(
    '%41',
    '%c3%a9',
    '%C3',
    '%u0041',
    '\\u0041',
    '\\x41',
    '\\n',
    '&amp;',
    '&#65;',
    '&#x41',
    '&eacute;',
    '&nobody;',
    '<b>',
    '</b>',
    '\\"',
    '\\\\/',
  ),
  fc.constantFrom(
    'Ａ',
    '！',
    'É',
    'E\u0301',
    'ß',
    'İ',
    'Σ',
    '\u200b',
    '\u00ad',
    '\u{1f150}',
    '\ud83c',
    '豈',
    '\ufacf',
    '%2541',
    '&amp;amp;',
    ' ',
    '\t',
    '\0',
    '\x7f',
  ),
);
const texts = fc.array(pieces, { maxLength: 30 }).map((each) => each.join(''));

test('a text read without the places of its characters is the same text', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const reading = plainReading(text);
      expect(textsOf(text)).toEqual(readingsOf(text).map((each) => each.text));
      expect(textWithoutEscapes(text)).toBe(withoutEscapes(reading)?.text ?? null);
      expect(textWithoutTags(text)).toBe(withoutTags(reading)?.text ?? null);
      const plain = skeletonTexts(text);
      if (plain === null) return;
      expect(plain.all).toBe(skeletonOf(reading).text);
      expect(plain.letters).toBe(skeletonOf(reading, { signs: false }).text);
    }),
    { numRuns: 500 },
  );
});

test('a secret is found wherever it stands, however it is written', () => {
  const secret = 'Fork-8Blade!';
  const typed = new TypedSecrets();
  typed.add(secret, 'password');
  const written = fc.constantFrom(
    secret,
    [...secret].reverse().join(''),
    encodeURIComponent(encodeURIComponent(secret)),
    secret.toUpperCase(),
    [...secret].join(' '),
    [...secret].join('\u200b'),
    [...secret].map((each) => `&#${each.charCodeAt(0)};`).join(''),
    [...secret].map((each) => `<b>${each}</b>`).join(''),
    [...secret].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('hex'),
    [...secret].map((each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0)).join(''),
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), written, fc.string({ maxLength: 40 }), (before, middle, after) => {
      expect(typed.find(`${before}|${middle}|${after}`)).not.toEqual([]);
    }),
    { numRuns: 200 },
  );
});
