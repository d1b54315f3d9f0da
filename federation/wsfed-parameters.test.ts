import { test, expect } from '@playwright/test';
import { wctxParts, wsfedParameters } from './wsfed-parameters';

const wctx = 'rm=1&id=50dc8871-66cf-4d0b-b70c-65c50975ae6f&ru=%2forgname%2fdefault.aspx&crmorgid=e369084a-a907-e411-954e-00155d009f27';
const query =
  `wa=wsignin1.0&wtrealm=https%3a%2f%2finternalcrm.contoso.com%2f&wctx=${encodeURIComponent(wctx)}&wct=2020-03-02T20%3a07%3a22Z` +
  `&wauth=urn%3afederation%3aauthentication%3awindows`;
const parameters = {
  wa: 'wsignin1.0',
  wtrealm: 'https://internalcrm.contoso.com/',
  wctx,
  wct: '2020-03-02T20:07:22Z',
  wauth: 'urn:federation:authentication:windows',
};

test('the parameters of CRM’s redirect are read from a query, an address and in any case', () => {
  for (const input of [query, `?${query}`, `https://sts.contoso.com/adfs/ls/?${query}#top`, query.replace('wa=', 'WA=').replace('wtrealm=', 'wTrealm=')])
    expect(wsfedParameters(input)).toEqual(parameters);
});

test('a second encoding, of single values or of the whole query, is undone', () => {
  const twice = (text: string): string => text.replace(/=([^&]*)/g, (_, value: string) => `=${encodeURIComponent(value)}`);
  expect(wsfedParameters(twice(query))).toEqual(parameters);
  expect(wsfedParameters(encodeURIComponent(query))).toEqual(parameters);
});

test('of the token only its size is kept', () => {
  const body = `wa=wsignin1.0&wresult=${encodeURIComponent('<t:é a="1 2">').replaceAll('%20', '+')}&wctx=rm%3D0%26id%3Dpassive%26ru%3D%252fSampApp%252f`;
  expect(wsfedParameters(body)).toEqual({ wa: 'wsignin1.0', wresultBytes: 14, wctx: 'rm=0&id=passive&ru=%2fSampApp%2f' });
});

test('anything else is null, and a bare percent sign does no harm', () => {
  for (const input of ['', '?', 'a=b', 'https://crm.contoso.com/main.aspx', 'user=x&password=y']) expect(wsfedParameters(input)).toBeNull();
  expect(wsfedParameters('wa=100%&wtrealm=%zz')).toEqual({ wa: '100%', wtrealm: '%zz' });
});

test('wctx is taken apart for internal claims, IFD, and written encoded once more', () => {
  expect(wctxParts(wctx)).toEqual({
    rm: '1',
    id: '50dc8871-66cf-4d0b-b70c-65c50975ae6f',
    ru: '/orgname/default.aspx',
    crmorgid: 'e369084a-a907-e411-954e-00155d009f27',
  });
  expect(wctxParts('rm=1&id=x&ru=https%3a%2f%2forg.contoso.com%3a444%2fmain.aspx%3fappid%3d1')).toEqual({
    rm: '1',
    id: 'x',
    ru: 'https://org.contoso.com:444/main.aspx?appid=1',
    crmorgid: null,
  });
  expect(wctxParts(encodeURIComponent(wctx)).ru).toBe('/orgname/default.aspx');
  expect(wctxParts('')).toEqual({ rm: null, id: null, ru: null, crmorgid: null });
});
