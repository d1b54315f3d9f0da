/**
 * Less evidence, never more certainty. The rule, for every part of the evidence that can be missing (each optional part, each entry of a list, each value
 * that may be null below
 * them), taken away by itself or together with another:
 *
 * 1. A cause that was found is at most as certain as before.
 * 2. A cause that was not found (ruled out, or not to be judged) is at most `probable`: what refuted it, or came before it, may be gone, but `confirmed`
 * means that what is there
 *    decides by itself, and then it would have decided before.
 * 3. Every reference leads to something in the evidence that is left; no proof speaks of a part, or names a thumbprint, that is not there.
 * 4. KB 2686840 is not named beside a token that was taken.
 *
 * Not evidence in this sense, and always there: what the run is about, the machine it ran on, how the journey ended, and a repair on record (a person's
 * word). A document (a
 * metadata document, a page, an answer's cookies) is one thing: with a line less it would say something else. So is a null that says something (no answer,
 * no error).
 * One case is beyond the rule: an event log with ID4175, matched to the token, confirms the KB without the readings of the signer, since evidence of earlier
 * versions has none.
 *
 * The same rule is kept by every evidence that a test of a cause judges (testing/judged.ts), and by every evidence of the lab (`npm run matrix`).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { evidenceSchema, type RouteEvidence } from '../contracts/evidence';
import { clocks, crmEncryptionNew, crmMetadata, exchange, failed, refused, rolled, sample, stsMetadata, tlsFacts, upToToken } from './testing/sample-evidence';
import { lessOf, reordered, swapped } from './testing/taking-away';
import { resultOf, rises, wrongOf } from './testing/what-must-hold';

const cases = join(__dirname, '..', '..', 'shared', 'cases', 'runs');
const id4175 = 'ID4175: The issuer of the security token was not recognized by the IssuerNameRegistry.';
const otherName = { ...stsMetadata(), entityId: 'http://login.contoso.com/adfs/services/trust' } as RouteEvidence['stsMetadata'];
const down = exchange(2, { url: 'https://sts.contoso.com/adfs/ls/', status: 503 });
const untrusted = [tlsFacts('sts.contoso.com', { trusted: false, error: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })];
const cut = exchange(2, { url: 'https://sts.contoso.com/adfs/ls/', status: null, failure: 'net::ERR_CERT_AUTHORITY_INVALID' });

/** Sign-ins that failed for one reason, and for two at once. */
const made: Readonly<Record<string, RouteEvidence>> = {
  'the KB': refused('ifd', rolled, 'error-page', id4175),
  'the KB without words': refused('ifd', rolled, 'http-401'),
  'a clock': refused('ifd', { clocks: clocks(-600_000) }),
  'an encryption certificate and a name': refused('ifd', { crmMetadata: crmMetadata('ifd', crmEncryptionNew), stsMetadata: otherName }),
  'an audience and a clock': refused('ifd', { token: { ...sample().token!, appliesTo: 'https://old.contoso.com/' }, clocks: clocks(-600_000) }),
  'a name': refused('ifd', { stsMetadata: otherName }),
  'a service': sample('ifd', {
    journey: failed('sts-page', { credentialSubmissions: 0 }),
    pages: [],
    exchanges: [...upToToken('ifd').slice(0, 1), down],
    stsMetadata: null,
  }),
  'a chain': sample('ifd', {
    journey: failed('tls', { credentialSubmissions: 0 }),
    pages: [],
    exchanges: [...upToToken('ifd').slice(0, 1), cut],
    tls: untrusted,
  }),
};

const read = (file: string): readonly RouteEvidence[] => evidenceSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).results;
const golden = join(__dirname, 'golden');
const onFile: readonly (readonly [string, string])[] = [
  ...readdirSync(golden, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => [`golden ${name}`, join(golden, name, 'evidence.json')] as const),
  ...(existsSync(cases) ? readdirSync(cases) : []).map(
    (name) => [`case ${name}`, join(cases, name.endsWith('.json') ? name : join(name, 'evidence.json'))] as const,
  ),
];
const all: readonly (readonly [string, RouteEvidence])[] = [
  ...Object.entries(made),
  ...onFile.flatMap(([name, file]) => read(file).map((evidence) => [`${name}, ${evidence.route}`, evidence] as const)),
];

/** What does not hold, each kind once, with the first part it was seen without. */
function violations(evidence: RouteEvidence): readonly string[] {
  const whole = resultOf(evidence);
  const seen = new Map(wrongOf(whole, evidence).map((sentence) => [sentence, 'nothing taken away']));
  for (const { what, evidence: less } of [...lessOf(evidence, { pairs: 100 }), ...reordered(evidence)]) {
    const result = resultOf(less);
    for (const sentence of [...rises(whole, result), ...wrongOf(result, less)]) if (!seen.has(sentence)) seen.set(sentence, what);
  }
  return [...seen].map(([sentence, what]) => `${sentence} (${what})`);
}

for (const [name, evidence] of all)
  test(`taking evidence away raises no certainty and leaves no word about what is gone: ${name}`, () => expect(violations(evidence)).toEqual([]));

test('parts of one run in the place of another’s break nothing, and no sentence refers to what is not there', () => {
  const wrong = all.flatMap(([name, evidence], index) => {
    const other = all[(index + 1) % all.length]?.[1] ?? evidence;
    return [...swapped(evidence, other)].flatMap((mixed) =>
      wrongOf(resultOf(mixed.evidence), mixed.evidence).map((sentence) => `${name}, ${mixed.what}: ${sentence}`),
    );
  });
  expect(wrong).toEqual([]);
});
