import { randomBytes } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { secretFinder } from './find-secrets';
import { createRedactor } from './redact';

const picture = randomBytes(60_000).toString('base64');
const password = 'Fork-8Blade!';
const cookie = randomBytes(300).toString('base64url');

function finder(): ReturnType<typeof secretFinder> {
  const redactor = createRedactor();
  redactor.add(password, 'password');
  redactor.add(cookie, 'cookie');
  return secretFinder(redactor.known());
}

const percent = (text: string): string => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const partly = (text: string): string => `${text.slice(0, 5)}${percent(text.slice(5, 8))}${text.slice(8)}`;

for (const [kind, secret] of [
  ['password', password],
  ['cookie', cookie],
] as const)
  test(`a ${kind} is found before, behind and within long stretches of Base64, packed and coded on top of each other`, () => {
    const find = finder();
    expect(find(Buffer.from(`${picture} and %41 ${picture}`)), 'nothing in it').toEqual([]);
    for (const packed of [
      `${picture}"${partly(secret)}"${picture}`,
      `${picture}${partly(secret)} %41 ${picture}`,
      `%41 ${picture}"${secret}`,
      Buffer.from(`${picture}"${secret}"${picture}`).toString('base64'),
      `${percent('x')}${Buffer.from(`${picture}"${partly(secret)}"`).toString('base64')}`,
      `%41${percent(Buffer.from(`"${secret}"`).toString('base64'))}"${picture}" ${picture}`,
      `${picture} ${percent(percent(`"${secret}"`))} ${picture}`,
    ])
      expect(find(Buffer.from(packed)), packed.length > 500 ? `${packed.slice(0, 40)} … ${packed.slice(-40)}` : packed).toEqual([kind]);
  });
