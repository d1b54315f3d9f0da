import { expect, test } from '@playwright/test';
import { addressOf, contextShape, decoded, normalise } from './normalise';

const organization = 'e369084a-a907-e411-954e-00155d009f27';

test('what is accidental is replaced by its kind, and what means something stays', () => {
  const table: [string, string][] = [
    [
      `rm=1&id=50dc8871-66cf-4d0b-b70c-65c50975ae6f&ru=/Contoso/main.aspx&crmorgid=${organization}`,
      `rm=1&id={guid}&ru=/Contoso/main.aspx&crmorgid=${organization}`,
    ],
    ['2026-03-02T09:00:01Z', '{time}'],
    ['2026-03-02T09:00:01.123+01:00', '{time}'],
    ['/%7b636512345670000000%7d/main.aspx'.replace(/%7b|%7d/g, ''), '/{number}/main.aspx'],
    ['/(S(lit3py55t21z5v55vlm25s55))/main.aspx', '/({session})/main.aspx'],
    ['session_code=PXqv0S2h1zCk7Lr9uYtWb3NfEoA', 'session_code={random}'],
    ['nonce=0a1b2c3d4e5f60718293a4b5c6d7e8f9', 'nonce={random}'],
    ['urn:federation:authentication:windows', 'urn:federation:authentication:windows'],
    ['urn:oasis:names:tc:SAML:1.0:am:password', 'urn:oasis:names:tc:SAML:1.0:am:password'],
    ['MSISLoopDetectionCookie', 'MSISLoopDetectionCookie'],
    ['ClaimsRelyingPartyTrust2016', 'ClaimsRelyingPartyTrust2016'],
    ['https://contoso-production-crm01.contoso.example:444/main.aspx', 'https://contoso-production-crm01.contoso.example:444/main.aspx'],
    ['http://sts.contoso.com/adfs/services/trust', 'http://sts.contoso.com/adfs/services/trust'],
  ];
  for (const [given, due] of table) expect(normalise(given, [organization]), given).toBe(due);
});

test('values encoded once, twice or in other letters of the alphabet are alike', () => {
  expect(decoded('https%3a%2f%2fcrm%3A42549%2F')).toBe('https://crm:42549/');
  expect(decoded('ru%3dhttps%253a%252f%252fcrm')).toBe('ru=https://crm');
  expect(decoded('100%')).toBe('100%');
});

test('an address is its host and its path', () => {
  expect(addressOf('https://sts:444/adfs/ls/?wtrealm=x&wa=y&client-request-id=0490ea9b-5fd2-419d-93d0-ac568b33657a')).toBe('https://sts:444/adfs/ls/');
  expect(addressOf('https://sts/signin/0490ea9b-5fd2-419d-93d0-ac568b33657a')).toBe('https://sts/signin/{guid}');
  expect(addressOf('not an address')).toBeNull();
});

test('of what an application gives along only what leads people somewhere is kept', () => {
  expect(contextShape(`rm=1&id=50dc8871-66cf-4d0b-b70c-65c50975ae6f&ru=%2fContoso%2fmain.aspx&crmorgid=${organization}`, [organization])).toBe(
    `rm=1&id={guid}&ru=/Contoso/main.aspx&crmorgid=${organization}`,
  );
  expect(contextShape('WsFedOwinState=ab12cd34')).toBe('WsFedOwinState={value}');
  expect(contextShape('x7Kd93')).toBe('{value}');
  expect(contextShape('state=83719')).toBe('state={value}');
});
