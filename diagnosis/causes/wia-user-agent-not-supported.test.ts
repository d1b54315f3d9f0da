import { expect, test } from '@playwright/test';
import type { RouteEvidence } from '../../contracts/evidence';
import { judged } from '../testing/judged';
import { lastGood, page, sample, upToToken } from '../testing/sample-evidence';
import { wiaUserAgentNotSupported as rule } from './wia-user-agent-not-supported';

const form = { status: 200, challenges: [], showsForm: true };
const challenge = { status: 401, challenges: ['Negotiate', 'NTLM'], showsForm: false };
const answers = (probe: object, edge: object) =>
  [
    { browser: 'probe', ...probe },
    { browser: 'edge', ...edge },
  ] as RouteEvidence['userAgents'];
const internal = (userAgents: RouteEvidence['userAgents']) =>
  sample('internal', { method: 'forms', userAgents, pages: [page(1, { kind: 'sts-forms', url: 'https://sts.contoso.com/adfs/ls/' })] });

test('confirmed, as a warning, when Edge gets the challenge and this browser the form', () => {
  const { outcome, text } = judged(rule, internal(answers(form, challenge)));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('Negotiate and NTLM');
  expect(rule.nature).toBe('warns');
});

test('clear when both get the same, or the form was asked for', () => {
  expect(judged(rule, internal(answers(form, form))).outcome).toBe('clear');
  expect(judged(rule, internal(answers(challenge, challenge))).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { exchanges: upToToken('ifd'), lastGood: lastGood('ifd') })).outcome).toBe('clear');
  expect(judged(rule, sample('internal')).outcome).toBe('clear');
});

test('cannot tell when the comparison was not made', () => expect(judged(rule, internal([])).outcome).toBe('cannot-tell'));
