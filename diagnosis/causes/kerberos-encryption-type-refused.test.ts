import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { sample } from '../testing/sample-evidence';
import { windowsAsked as asked } from '../testing/sample-sts-failures';
import { serverEvent } from '../testing/sample-server-event';
import { wiaIntranetZoneNotConfigured } from './wia-intranet-zone-not-configured';
import { wiaSpnMissingOrDuplicate } from './wia-spn-missing-or-duplicate';
import { kerberosEncryptionTypeRefused as rule } from './kerberos-encryption-type-refused';

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
