import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { failed, page, refusal, sample } from '../testing/sample-evidence';
import { adfsLoopDetectedMsis7042 as rule } from './adfs-loop-detected-msis7042';

const error = (message: string) => page(9, { kind: 'sts-error', url: 'https://sts.contoso.com/adfs/ls/', texts: { message } });
const loop = (message: string | null, rounds = 2) =>
  sample('ifd', {
    journey: failed('token-post', { symptom: 'redirect-loop', rounds }),
    exchanges: Array.from({ length: rounds }, () => refusal('ifd', 'back-to-sts')).flat(),
    pages: message === null ? [] : [error(message)],
  });

test('confirmed, as an effect, when the code is shown', () => {
  const { outcome, text } = judged(rule, loop("MSIS7042: The same client browser session has made '6' requests in the last '2' seconds."));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('This is an effect');
  expect(rule.nature).toBe('effect');
});

test('with the code hidden: probable after five tokens, suspected after fewer', () => {
  expect(judged(rule, loop('An error occurred.', 5)).outcome).toBe('probable');
  expect(judged(rule, loop('An error occurred.', 1)).outcome).toBe('suspected');
});

test('clear when the probe itself stopped the loop, or there was none', () => {
  expect(judged(rule, loop(null)).text).toContain('the probe stopped it');
  expect(judged(rule, sample('ifd', { journey: failed('credentials') })).outcome).toBe('clear');
});

test('cannot tell when nothing was seen', () =>
  expect(judged(rule, sample('ifd', { journey: failed('dns'), exchanges: [], pages: [] })).outcome).toBe('cannot-tell'));
