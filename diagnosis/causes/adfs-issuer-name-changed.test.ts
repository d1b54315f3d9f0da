import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { entityId, exchange, failed, refused, sample, stsMetadata, upToToken } from '../testing/sample-evidence';
import { adfsIssuerNameChanged as rule } from './adfs-issuer-name-changed';

const renamed = { ...stsMetadata(), entityId: 'http://login.contoso.com/adfs/services/trust' } as ReturnType<typeof stsMetadata>;

test('confirmed when the names differ and CRM refuses the token, with ID4175 or without', () => {
  for (const text of [null, 'ID4175: The issuer …']) {
    const { outcome, text: words } = judged(rule, refused('ifd', { stsMetadata: renamed }, 'error-page', text));
    expect(outcome).toBe('confirmed');
    expect(words).toContain(entityId);
    expect(words).toContain('http://login.contoso.com/adfs/services/trust');
  }
});

test('confirmed when CRM still sends the browser to the old host and that answers; probable where it does not, which is met first', () => {
  const old = [exchange(1, { url: 'https://contoso.contoso.com/', status: 302, location: 'https://old.contoso.com/adfs/ls/?wa=wsignin1.0&wtrealm=x' })];
  const there = exchange(2, { url: 'https://old.contoso.com/adfs/ls/?wa=wsignin1.0&wtrealm=x', redirectedFrom: 1, status: 404 });
  const outcome = (exchanges: typeof old) => judged(rule, sample('ifd', { journey: failed('sts-page'), exchanges, stsMetadata: renamed })).outcome;
  expect(outcome([...old, there])).toBe('confirmed');
  expect(outcome(old)).toBe('probable');
});

test('only suspected when another check refused the token, or the sign-in ended earlier', () => {
  expect(judged(rule, refused('ifd', { stsMetadata: renamed }, 'error-page', 'ID4022: x')).outcome).toBe('suspected');
  expect(judged(rule, sample('ifd', { journey: failed('credentials'), exchanges: upToToken('ifd'), stsMetadata: renamed })).outcome).toBe('suspected');
});

test('clear when the names agree; a differing scheme is only suspected; cannot tell without the WSDL and a last good state', () => {
  expect(judged(rule, refused()).outcome).toBe('clear');
  expect(judged(rule, sample()).outcome).toBe('clear');
  expect(judged(rule, refused('ifd', { wsdl: { ok: true, url: 'x', authentication: null, identifier: entityId.replace('http:', 'https:') } })).outcome).toBe(
    'suspected',
  );
  expect(judged(rule, refused('ifd', { wsdl: null, lastGood: null })).outcome).toBe('cannot-tell');
});
