import { expect, test } from '@playwright/test';
import { retrying } from './retry-policy';

/** Runs attempts that answer with these codes in turn (null = success); how many were made, and the last result. */
async function attempts(codes: readonly (string | null)[], limits?: Parameters<typeof retrying>[2]): Promise<{ made: number; last: string | null }> {
  let made = 0;
  const last = await retrying(
    async () => codes[made++] ?? null,
    (code) => code,
    limits,
  );
  return { made, last };
}

test('passing faults are tried at most twice again', async () => {
  expect(await attempts(['ECONNRESET', 'EAI_AGAIN', null])).toEqual({ made: 3, last: null });
  expect(await attempts(['ETIMEDOUT', 'ETIMEDOUT', 'ETIMEDOUT', null])).toEqual({ made: 3, last: 'ETIMEDOUT' });
});

test('a refused connection is tried once again', async () => {
  expect(await attempts(['ECONNREFUSED', null])).toEqual({ made: 2, last: null });
  expect(await attempts(['ECONNREFUSED', 'ECONNREFUSED', null])).toEqual({ made: 2, last: 'ECONNREFUSED' });
});

test('a lasting fault and a success are not tried again', async () => {
  expect(await attempts(['ENOTFOUND', null])).toEqual({ made: 1, last: 'ENOTFOUND' });
  expect(await attempts(['CERT_HAS_EXPIRED', null])).toEqual({ made: 1, last: 'CERT_HAS_EXPIRED' });
  expect(await attempts([null])).toEqual({ made: 1, last: null });
});

test('an ended deadline ends trying, and the last result stays', async () => {
  const ending = new AbortController();
  let made = 0;
  const last = await retrying(
    async () => {
      made++;
      ending.abort();
      return 'ECONNRESET';
    },
    (code) => code,
    { signal: ending.signal },
  );
  expect({ made, last }).toEqual({ made: 1, last: 'ECONNRESET' });
});

test('what an attempt throws is thrown on, also what looks like a network error', async () => {
  await expect(
    retrying(
      () => Promise.reject(new TypeError('fetch failed')),
      () => null,
    ),
  ).rejects.toThrow('fetch failed');
});
