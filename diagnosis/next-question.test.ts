import { expect, test } from '@playwright/test';
import { causeIds } from '../contracts/causes';
import type { RouteEvidence } from '../contracts/evidence';
import type { Result } from '../contracts/report';
import { renderHtml } from '../reports/html';
import { renderMarkdown } from '../reports/markdown';
import { renderTerminal } from '../reports/terminal';
import { diagnose } from './diagnose';
import { exchange, failed, page, refused, rolled, sample, upToToken } from './testing/sample-evidence';

const reportOf = (result: RouteEvidence) => {
  const run = { id: 'x', startedAt: result.startedAt, finishedAt: result.finishedAt, label: null, location: null, tool: 't', browser: 'b' };
  return diagnose({ schema: 1, run, results: [result] });
};
const only = (result: RouteEvidence): Result => reportOf(result).results[0]!;
const id4175 = 'ID4175: The issuer of the security token was not recognized by the IssuerNameRegistry.';

test('nothing is asked where sign-in works, or the first cause is confirmed', () => {
  expect(only(sample()).nextQuestion).toBeNull();
  expect(only(refused('ifd', rolled, 'error-page', id4175)).nextQuestion).toBeNull();
});

test('a token refused without a reason asks CRM’s log, and says which answer means which cause', () => {
  for (const evidence of [refused('ifd', rolled, 'http-401'), refused('ifd', {}, 'http-500')]) {
    const { nextQuestion } = only(evidence);
    expect(nextQuestion).toMatchObject({ where: 'crm', command: expect.stringContaining('Get-WinEvent') });
    expect(nextQuestion?.ask).toContain('2026-03-02 09:00');
    expect(nextQuestion?.settles).toContainEqual({ answer: 'ID4175', means: 'adfs-signing-cert-rolled' });
  }
});

test('an error page of AD FS asks for the event with its Activity ID', () => {
  const activityId = '2b7a4f4e-8c7e-4b43-8d5e-0f6b7a2f9d10';
  const error = page(2, {
    kind: 'sts-error',
    url: 'https://sts.contoso.com/adfs/ls/',
    texts: { message: 'An error occurred.', activityId: `Activity ID: ${activityId}` },
  });
  const { nextQuestion } = only(
    sample('ifd', {
      journey: failed('sts-page', { credentialSubmissions: 0 }),
      exchanges: upToToken('ifd').slice(0, 2),
      pages: [error],
      whoAmI: null,
      token: null,
    }),
  );
  expect(nextQuestion?.where).toBe('sts');
  expect(nextQuestion?.ask).toContain(activityId);
});

test('every answer names a cause that is known, and each report shows the question', () => {
  const silent = refused('ifd', rolled, 'http-401');
  const dead = sample('ifd', {
    journey: failed('crm-redirect', { credentialSubmissions: 0 }),
    exchanges: [exchange(1, { url: 'https://contoso.contoso.com/', status: null, failure: 'x' })],
    pages: [],
    whoAmI: null,
    token: null,
  });
  for (const evidence of [
    silent,
    dead,
    sample('ifd', { journey: failed('credentials'), pages: [], exchanges: upToToken('ifd').slice(0, 3), token: null, whoAmI: null }),
  ]) {
    const report = reportOf(evidence);
    const asked = report.results[0]!.nextQuestion;
    for (const { means } of asked?.settles ?? []) expect(causeIds).toContain(means);
    if (asked)
      for (const text of [renderTerminal(report, { color: false, columns: 2_000 }), renderMarkdown(report).replaceAll('\\', ''), renderHtml(report, {})])
        expect(text.replaceAll('&#39;', "'")).toContain('Next question');
  }
});
