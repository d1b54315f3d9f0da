import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { sample, sibling } from '../testing/sample-evidence';
import { windowsAsked as asked } from '../testing/sample-sts-failures';
import { serverEvent } from '../testing/sample-server-event';
import { ntlmRefusedByPolicy as rule } from './ntlm-refused-by-policy';

const blocked = serverEvent({ source: 'Microsoft-Windows-Security-Auditing', id: 4776, side: 'sts', codes: [], text: 'Error Code: 0xC0000418', exchange: 3 });
const accepted = sibling({ password: 'accepted', sameAccount: true });

test('confirmed by STATUS_NTLM_BLOCKED in an event beside a refused NTLM answer', () => {
  const { outcome, text } = judged(rule, asked({ serverEvents: [blocked] }, {}, 'NTLM'));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('0xC0000418');
});

test('cannot tell without that event, whatever another route did, nor without any exchange', () => {
  expect(judged(rule, asked({}, {}, 'Negotiate-NTLM'), [accepted]).outcome).toBe('cannot-tell');
  expect(judged(rule, asked({}, {}, 'Negotiate-NTLM')).outcome).toBe('cannot-tell');
  expect(judged(rule, asked({ exchanges: [], pages: [] })).outcome).toBe('cannot-tell');
});

test('clear for a Kerberos ticket, for no answer at all, and when signed in', () => {
  expect(judged(rule, asked({ serverEvents: [blocked] }, {}, 'Negotiate-Kerberos'), [accepted]).outcome).toBe('clear');
  expect(judged(rule, asked()).outcome).toBe('clear');
  expect(judged(rule, sample('internal')).outcome).toBe('clear');
});
