import { expect, test } from '@playwright/test';
import { readWsdl, wsdlAddresses } from './wsdl';

const url = 'https://crm.contoso.com/XRMServices/2011/Organization.svc?wsdl=wsdl0';
const wsdl = (policy: string): string => `<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy"><wsp:Policy><wsp:ExactlyOne>\
<wsp:All>${policy}</wsp:All></wsp:ExactlyOne></wsp:Policy></wsdl:definitions>`;

test('authentication and STS name are read, whatever the namespace and prefix', () => {
  for (const [prefix, namespace] of [
    ['ms-xrm', 'http://schemas.microsoft.com/xrm/2011/Contracts/Services'],
    ['x', 'urn:other'],
  ]) {
    const policy =
      `<${prefix}:AuthenticationPolicy xmlns:${prefix}="${namespace}"><${prefix}:Authentication>Federation</${prefix}:Authentication>` +
      `<${prefix}:SecureTokenService><${prefix}:Identifier> http://sts.contoso.com/adfs/services/trust </${prefix}:Identifier>` +
      `</${prefix}:SecureTokenService></${prefix}:AuthenticationPolicy>`;
    expect(readWsdl(200, wsdl(policy), url)).toEqual({ ok: true, url, authentication: 'Federation', identifier: 'http://sts.contoso.com/adfs/services/trust' });
  }
});

test('a WSDL without policy is read as one that does not say', () => {
  expect(readWsdl(200, wsdl(''), url)).toEqual({ ok: true, url, authentication: null, identifier: null });
});

test('a sign-in page, another document, a DOCTYPE and an error status are no WSDL', () => {
  expect(readWsdl(200, '<html><body><br></body></html>', url)).toMatchObject({ ok: false, status: 200 });
  expect(readWsdl(200, '<a/>', url)).toMatchObject({ ok: false, why: 'Expected the WSDL, found another XML document.' });
  expect(readWsdl(200, `<!DOCTYPE x [<!ENTITY e "x">]>${wsdl('')}`, url)).toMatchObject({ ok: false });
  expect(readWsdl(401, 'HTTP Error 401', url)).toMatchObject({ ok: false, status: 401, why: 'Expected the WSDL (status 200), found status 401.' });
});

test('on the internal host the organization is asked first, then the host; IFD hosts have one address', () => {
  const path = '/XRMServices/2011/Organization.svc?wsdl=wsdl0';
  expect(wsdlAddresses({ url: 'https://internalcrm.contoso.com:444/Contoso/main.aspx', route: 'internal' })).toEqual([
    `https://internalcrm.contoso.com:444/Contoso${path}`,
    `https://internalcrm.contoso.com:444${path}`,
  ]);
  for (const at of ['https://internalcrm.contoso.com/', 'https://internalcrm.contoso.com/main.aspx', 'https://internalcrm.contoso.com/_static/x.aspx'])
    expect(wsdlAddresses({ url: at, route: 'internal' })).toEqual([`https://internalcrm.contoso.com${path}`]);
  expect(wsdlAddresses({ url: 'https://contoso.contoso.com/x/main.aspx', route: 'ifd' })).toEqual([`https://contoso.contoso.com${path}`]);
});
