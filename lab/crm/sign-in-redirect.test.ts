import { test, expect } from '@playwright/test';
import { returnAddressOf, signInRedirect } from './sign-in-redirect';

const signInUrl = 'https://sts.contoso.com/adfs/ls/';
const organizationId = 'e369084a-a907-e411-954e-00155d009f27';
const guid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

test('the internal redirect has the form captured from a real deployment (field guide §1.1)', () => {
  const address = signInRedirect({
    signInUrl,
    role: 'internal',
    origin: 'https://internalcrm.contoso.com',
    path: '/orgname/default.aspx',
    organizationId,
    now: new Date('2020-03-02T20:07:22.512Z'),
  });
  expect(address).toMatch(
    new RegExp(
      '^https://sts\\.contoso\\.com/adfs/ls/\\?wa=wsignin1\\.0&wtrealm=https%3a%2f%2finternalcrm\\.contoso\\.com%2f' +
        `&wctx=rm%3d1%26id%3d${guid}%26ru%3d%252forgname%252fdefault\\.aspx%26crmorgid%3d${organizationId}` +
        '&wct=2020-03-02T20%3a07%3a22Z&wauth=urn%3afederation%3aauthentication%3awindows$',
    ),
  );
});

test('the IFD redirect returns to an absolute address and keeps the port', () => {
  const address = signInRedirect({
    signInUrl,
    role: 'organization',
    origin: 'https://org.crm.contoso.com:444',
    path: '/main.aspx?appid=1',
    organizationId,
    now: new Date('2020-03-02T20:07:22Z'),
  });
  expect(address).toContain('&wauth=urn%3aoasis%3anames%3atc%3aSAML%3a1.0%3aam%3apassword');
  expect(address).toContain('%26ru%3dhttps%253a%252f%252forg.crm.contoso.com%253a444%252fmain.aspx%253fappid%253d1%26crmorgid%3d');
  expect(new URL(address).searchParams.get('wtrealm')).toBe('https://org.crm.contoso.com:444/');
  expect(returnAddressOf(new URL(address).searchParams.get('wctx') ?? '')).toBe('https://org.crm.contoso.com:444/main.aspx?appid=1');
});

test('the id differs from redirect to redirect, and a path without an organization sends an all-zero crmorgid', () => {
  const request = {
    signInUrl,
    role: 'internal',
    origin: 'https://internalcrm.contoso.com',
    path: '/default.aspx',
    organizationId: null,
    now: new Date(),
  } as const;
  const [first, second] = [signInRedirect(request), signInRedirect(request)];
  expect(first).not.toBe(second);
  expect(first).toContain('crmorgid%3d00000000-0000-0000-0000-000000000000');
});

test('wfresh=0 comes last, when a prompt is wanted', () => {
  const request = {
    signInUrl,
    role: 'internal',
    origin: 'https://internalcrm.contoso.com',
    path: '/',
    organizationId: null,
    now: new Date(),
    fresh: true,
  } as const;
  expect(signInRedirect(request)).toMatch(/&wfresh=0$/);
});
