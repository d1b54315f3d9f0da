import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import type { RouteEvidence } from '../../contracts/evidence';
import { exchange, failed, page, sample, upToToken } from '../testing/sample-evidence';
import { serverEvent } from '../testing/sample-server-event';
import { wiaIntranetZoneNotConfigured } from './wia-intranet-zone-not-configured';
import { wiaSpnMissingOrDuplicate } from './wia-spn-missing-or-duplicate';
import { kerberosEncryptionTypeRefused as rule } from './kerberos-encryption-type-refused';

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

const noType = { ticketFailure: 'KDC has no support for encryption type' };

test('confirmed by the words of the Kerberos library, or of an event', () => {
  const { outcome, text } = judged(rule, asked({}, noType));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('no support for encryption type');
  const event = serverEvent({
    source: 'Microsoft-Windows-Security-Kerberos',
    id: 3,
    side: 'sts',
    codes: [],
    text: 'Error Code: 0xe KDC_ERR_ETYPE_NOTSUPP',
    exchange: 3,
  });
  expect(judged(rule, asked({ serverEvents: [event] })).outcome).toBe('confirmed');
});

test('then it is neither the SPN nor the zone', () => {
  expect(judged(wiaSpnMissingOrDuplicate, asked({}, noType)).outcome).toBe('clear');
  expect(judged(wiaIntranetZoneNotConfigured, asked({}, noType)).outcome).toBe('clear');
});

test('clear for an unknown service, for nothing said, and when signed in', () => {
  expect(judged(rule, asked({}, { ticketFailure: 'Server not found in Kerberos database' })).outcome).toBe('clear');
  expect(judged(rule, asked()).outcome).toBe('clear');
  expect(judged(rule, sample('internal')).outcome).toBe('clear');
});

test('cannot tell without any exchange', () => expect(judged(rule, asked({ exchanges: [], pages: [] })).outcome).toBe('cannot-tell'));
