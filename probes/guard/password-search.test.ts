import { expect, test } from '@playwright/test';
import { passwordSearch } from './password-search';
import { writingsOf } from '../../runs/testing/independent-scanner';

const password = 'Grün & "57%" +\\x';
const search = passwordSearch(password, ['https://sts.contoso.com', 'probe@contoso.com']);
/** As it stands in a body. */
const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

test('the password is found in every writing the independent scanner of the tests knows', () => {
  // Latin1 has no signs for the decomposed spelling: what the scanner then looks for is another text.
  const lossy = writingsOf(password.normalize('NFD')).filter(({ name }) => name.includes('latin1'));
  const missed = writingsOf(password).filter(
    (writing) => !lossy.some(({ bytes }) => bytes.equals(writing.bytes)) && !search.whole(`x=1&body=${writing.bytes.toString('latin1')}&y=2`),
  );
  expect(missed.map(({ name }) => name)).toEqual([]);
});

test('and coded in Base64, hexadecimal and escapes around each other, backwards, in lower case, and with marks between', () => {
  const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
  const forms = [
    base64(base64(password)),
    base64(encodeURIComponent(password)),
    encodeURIComponent(base64(`user:${password}`)),
    Buffer.from(base64(password)).toString('hex'),
    base64(JSON.stringify({ p: password })),
    encodeURIComponent([...password].reverse().join('')),
    encodeURIComponent(password.toLowerCase()),
    bytes([...password].join('\u200b')),
    encodeURIComponent([...password].join('\u2060')),
    JSON.stringify(JSON.stringify([...password].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''))),
  ];
  expect(forms.filter((form) => !search.whole(`https://evil.example.test/take?p=${form}`))).toEqual([]);
});

test('a piece of six characters of a long password is found, as it is and packed', () => {
  for (const piece of ['Grün &', '"57%" ', '57%" +']) {
    expect(search.any(`piece=${encodeURIComponent(piece)}`), piece).toBe(true);
    expect(search.any(Buffer.from(`0:${piece}`).toString('base64')), piece).toBe(true);
    expect(search.whole(`piece=${encodeURIComponent(piece)}`), piece).toBe(false);
  }
});

test('pieces that are words, numbers, or stand in what requests carry anyway, tell nothing', () => {
  const worded = passwordSearch('Contoso-2026-summer', ['https://sts.contoso-2026.com', 'DOMAIN\\probe']);
  expect(worded.any('https://crm.contoso-2026.com/summer/2026/Contoso')).toBe(false);
  expect(worded.any('x=2026-su')).toBe(true);
});

test('requests of every day hold none', () => {
  const token = Buffer.from(Array.from({ length: 20_000 }, (_, n) => (n * 7919 + (n >> 3)) % 256)).toString('base64');
  for (const text of [
    'https://crm.contoso.com/org/main.aspx?etc=1&id=%7bA0B1C2D3-0000-4000-8000-57575757%7d&pagetype=entityrecord',
    `wa=wsignin1.0&wresult=${encodeURIComponent(`<t:RequestSecurityTokenResponse>${token}</t:RequestSecurityTokenResponse>`)}`,
    JSON.stringify({ list: Array.from({ length: 500 }, (_, id) => ({ id, name: `Account ${id}` })) }),
  ])
    expect(search.any(text)).toBe(false);
});

test('the time grows with the text, and not faster', () => {
  const timeOf = (text: string): number => {
    const startedAt = performance.now();
    for (let run = 0; run < 3; run++) search.any(text);
    return performance.now() - startedAt;
  };
  for (const unit of ['%41', '%25', 'QUJD', '\\u0041', '&#65;', '4142', '+ ']) {
    timeOf(unit.repeat(1_000));
    expect(timeOf(unit.repeat(80_000)), unit).toBeLessThan(50 + 100 * timeOf(unit.repeat(8_000)));
  }
});

test('a word of one to three characters is everywhere, and not looked for', () => {
  expect(passwordSearch('abc', []).any('abc')).toBe(false);
});
