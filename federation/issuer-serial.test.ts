import { test, expect } from '@playwright/test';
import { sameIssuerName, sameIssuerSerial } from './issuer-serial';

const long = '123456789012345678901234567890';

test('order, spacing, quoting, escapes and spellings of the issuer make no difference', () => {
  const dotNet = 'CN=Secure CA, OU=http://certs.example/repository/, O="GoDaddy.com, ""Inc.""", L=Scottsdale, S=Arizona, C=US';
  for (const other of [
    'C=US,ST=Arizona,L=Scottsdale,O=GoDaddy.com\\, \\"Inc.\\",OU=http://certs.example/repository/,CN=Secure CA',
    'C=US\nST=Arizona\nL=Scottsdale\nO=GoDaddy.com\\2C \\22Inc.\\22\nOU=http://certs.example/repository/\nCN=Secure CA',
    'cn = secure  ca ; ou=http://certs.example/repository/; o="GoDaddy.com, \\"Inc.\\""; l=Scottsdale; OID.2.5.4.8=Arizona; c=us',
  ])
    expect(sameIssuerName(dotNet, other), other).toBe(true);
  expect(sameIssuerName(dotNet, dotNet.replace('Scottsdale', 'Phoenix'))).toBe(false);
  expect(sameIssuerName('E=a@b.c, CN=é', 'CN=\\C3\\A9,emailAddress=a@b.c')).toBe(true);
  expect(sameIssuerName('', '')).toBe(false);
});

test('the serial decides; a short one needs the issuer too', () => {
  expect(sameIssuerSerial({ issuer: 'CN=A', serial: long }, { issuer: 'CN=Written otherwise', serial: ` 00${long}` })).toBe(true);
  expect(sameIssuerSerial({ issuer: 'CN=A', serial: long }, { issuer: 'CN=A', serial: `${long}1` })).toBe(false);
  expect(sameIssuerSerial({ issuer: 'CN=A', serial: '1' }, { issuer: 'CN=A', serial: '1' })).toBe(true);
  expect(sameIssuerSerial({ issuer: 'CN=A', serial: '1' }, { issuer: 'CN=B', serial: '1' })).toBe(false);
  expect(sameIssuerSerial({ issuer: 'CN=A', serial: 'x' }, { issuer: 'CN=A', serial: 'x' })).toBe(false);
});
