import { createHash, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type Browser, chromium } from '@playwright/test';
import { createClock } from '../clock';
import { type CertificateAuthority, createCertificateAuthority } from '../tls/certificate-authority';
import { type HttpsHost, startHttpsHost } from '../tls/https-host';
import { createKeyPair } from '../tls/self-signed';
import { type Adfs, type LabAccount, type RelyingPartyTrust, startAdfs } from './adfs';
import { readForm } from './http-sys';
import { certificateBase64 } from './xml';

/** An AD FS with one relying party that keeps every token posted to it: what the browser tests of this folder run against. */
export interface TestBench {
  readonly adfs: Adfs;
  readonly authority: CertificateAuthority;
  readonly account: LabAccount;
  readonly trust: RelyingPartyTrust;
  /** The relying party's own address. */
  readonly realm: string;
  /** Every form posted to the relying party. */
  readonly posts: URLSearchParams[];
  readonly browser: Browser;
  /** The address a relying party would send the browser to. */
  signInUrl(method: 'windows' | 'forms' | null, more?: string): string;
  close(): Promise<void>;
}

const systemBrowser = '/usr/bin/chromium-headless-shell';
const host = 'internalcrm.contoso.test';

const metadataOf = (realm: string, encryptionCertPem: string): string =>
  `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${realm}">` +
  `<RoleDescriptor xmlns:fed="http://docs.oasis-open.org/wsfed/federation/200706">` +
  `<KeyDescriptor use="encryption"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>` +
  `<X509Certificate>${certificateBase64(encryptionCertPem)}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>` +
  `<fed:PassiveRequestorEndpoint><EndpointReference xmlns="http://www.w3.org/2005/08/addressing">` +
  `<Address>${realm}</Address></EndpointReference></fed:PassiveRequestorEndpoint></RoleDescriptor></EntityDescriptor>`;

const spkiHash = (certPem: string): string =>
  createHash('sha256')
    .update(new X509Certificate(certPem).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');

export async function startTestBench(): Promise<TestBench> {
  const authority = await createCertificateAuthority('Contoso Test');
  const [stsCertificate, partyCertificate, encryption] = await Promise.all([
    authority.issueServerCertificate({ hosts: ['sts.contoso.test'] }),
    authority.issueServerCertificate({ hosts: [host] }),
    createKeyPair({ commonName: '*.contoso.test', notBefore: new Date() }),
  ]);
  const account: LabAccount = { user: 'CONTOSO\\probe', upn: 'probe@contoso.test', password: 'Bench-1-pass', displayName: 'Probe', sid: 'S-1-5-21-1-2-3-1104' };
  const posts: URLSearchParams[] = [];
  const party: HttpsHost = await startHttpsHost({
    certificateFor: () => partyCertificate,
    handler: (request, response) => {
      if (request.method !== 'POST') {
        response.end(metadataOf(`https://${host}:${party.port}/`, encryption.certPem));
        return;
      }
      void readForm(request).then((form) => {
        if (form) posts.push(form);
        response.setHeader('content-type', 'text/html').end('<title>Arrived</title>');
      });
    },
  });
  const realm = `https://${host}:${party.port}/`;
  const adfs = await startAdfs({
    host: 'sts.contoso.test',
    serverCertificate: stsCertificate,
    clock: createClock(),
    accounts: [account],
    trustedCaPem: authority.certificatePem,
    lookup: async () => '127.0.0.1',
    displayName: 'Contoso Corporation',
  });
  const trust = await adfs.addRelyingPartyFromMetadata({ name: 'CRM CLAIMS RELYING PARTY', metadataUrl: realm });
  const browser = await chromium.launch({
    ...(existsSync(systemBrowser) ? { executablePath: systemBrowser } : {}),
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      '--host-resolver-rules=MAP *.contoso.test 127.0.0.1',
      `--ignore-certificate-errors-spki-list=${spkiHash(stsCertificate.certPem)},${spkiHash(partyCertificate.certPem)}`,
    ],
  });
  const methods = { windows: 'urn:federation:authentication:windows', forms: 'urn:oasis:names:tc:SAML:1.0:am:password' };

  return {
    adfs,
    authority,
    account,
    trust,
    realm,
    posts,
    browser,
    signInUrl: (method, more = '') =>
      `${adfs.origin}/adfs/ls/?wa=wsignin1.0&wtrealm=${encodeURIComponent(realm)}&wctx=rm%3d1%26id%3dx%26ru%3d%252fdefault.aspx&wct=2026-01-01T00%3a00%3a00Z` +
      (method ? `&wauth=${encodeURIComponent(methods[method])}` : '') +
      more,
    async close() {
      await browser.close();
      await Promise.all([adfs.close(), party.close()]);
    },
  };
}
