import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import type { RouteEvidence } from '../../contracts/evidence';
import { exchange, failed, page, sample, sibling, upToToken } from '../testing/sample-evidence';
import { serverEvent } from '../testing/sample-server-event';
import { ntlmRefusedByPolicy as rule } from './ntlm-refused-by-policy';

const asked = (over: Partial<RouteEvidence> = {}, texts: Record<string, string> = {}, authorization: string | null = null): RouteEvidence =>
  sample('internal', {
    settings: { ...sample('internal').settings, windowsCurrent: authorization === null },
    journey: failed('credentials', { credentialSubmissions: authorization === null ? 0 : 1, windowsPrompts: authorization === null ? 1 : 2 }),
    token: null,
    whoAmI: null,
    exchanges: [
      ...upToToken('internal').slice(0, 2),
      exchange(3, { url: 'https://sts.contoso.com/adfs/ls/wia', step: 'credentials', status: 401, challenges: ['Negotiate', 'NTLM'], authorization }),
    ],
    pages: [
      page(1, { kind: 'sts-windows-challenge', url: 'https://sts.contoso.com/adfs/ls/wia', exchange: 3, texts: { challenges: 'Negotiate, NTLM', ...texts } }),
    ],
    ...over,
  });

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
