import { expect, test } from '@playwright/test';
import type { Exchange } from '../../contracts/evidence';
import { judged } from '../testing/judged';
import { exchange, failed, page, sample, stsUrl, upToToken } from '../testing/sample-evidence';
import { wapCongestionOrAdfsSlow as rule } from './wap-congestion-or-adfs-slow';

const issue = (over: Partial<Exchange>, symptom: 'error-page' | 'no-answer' = 'error-page') =>
  sample('ifd', {
    journey: failed('token-issue', { symptom }),
    pages: [],
    exchanges: [...upToToken('ifd').slice(0, 3), exchange(4, { url: `${stsUrl}/adfs/ls/`, step: 'token-issue', redirectedFrom: 3, ...over })],
  });

test('suspected when some requests to the STS are answered and one gets a server error, with the times', () => {
  const { outcome, text, refs } = judged(rule, issue({ status: 503, durationMs: 8400 }));
  expect(outcome).toBe('suspected');
  expect(text).toContain('503 after 8400 ms');
  expect(refs).toContain('exchange:4');
});

test('suspected when the STS stops answering in mid-flow, or answers late', () => {
  expect(judged(rule, issue({ status: null, durationMs: null }, 'no-answer')).outcome).toBe('suspected');
  expect(judged(rule, issue({ status: 200, durationMs: 9000 })).outcome).toBe('suspected');
});

test('clear when every request was answered in time, with an error page of AD FS, or none was', () => {
  expect(judged(rule, sample('ifd', { journey: failed('token-post') })).outcome).toBe('clear');
  const errorPage = issue({ status: 500 });
  expect(judged(rule, { ...errorPage, pages: [page(3, { kind: 'sts-error', url: stsUrl, exchange: 4 })] }).outcome).toBe('clear');
  const allDown = sample('ifd', {
    journey: failed('sts-page'),
    pages: [],
    exchanges: [...upToToken('ifd').slice(0, 1), exchange(2, { url: `${stsUrl}/adfs/ls/`, status: 503 })],
  });
  expect(judged(rule, allDown).outcome).toBe('clear');
});

test('cannot tell when the STS was not asked', () =>
  expect(judged(rule, sample('ifd', { journey: failed('crm-redirect'), pages: [], exchanges: upToToken('ifd').slice(0, 1) })).outcome).toBe('cannot-tell'));
