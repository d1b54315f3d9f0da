import { request } from 'node:https';
import { DOMParser } from '@xmldom/xmldom';
import { namespaces } from './xml';

export interface RelyingPartyFacts {
  readonly identifiers: string[];
  readonly wsFedEndpoint: string;
  readonly encryptionCertificatePem: string | null;
}

export interface MetadataFetchOptions {
  readonly url: string;
  readonly trustedCaPem: string;
  /** Host name → IP address. */
  readonly lookup: (host: string) => Promise<string>;
}

const timeoutMs = 10_000;

/** Identifiers are kept without a trailing slash (field guide section 1.3). */
export const withoutTrailingSlash = (identifier: string): string => identifier.replace(/\/$/, '');

/** AD FS writes the port into every address it posts to, 443 as well (field guide section 2). */
const withExplicitPort = (address: string): string => {
  const url = new URL(address);
  return `${url.protocol}//${url.hostname}:${url.port || 443}${url.pathname}${url.search}`;
};

const pemOf = (base64: string): string =>
  `-----BEGIN CERTIFICATE-----\n${base64.replace(/\s+/g, '').replace(/(.{64})(?=.)/g, '$1\n')}\n-----END CERTIFICATE-----\n`;

/** Fetches a relying party's metadata over verified TLS. Throws with the address, what was expected and what was found. */
export async function fetchRelyingPartyMetadata({ url, trustedCaPem, lookup }: MetadataFetchOptions): Promise<string> {
  const address = new URL(url);
  const fail = (found: string): Error =>
    new Error(`${url}: expected the relying party's federation metadata, found ${found}. Check that the server runs and its certificate is trusted.`);
  const host = await lookup(address.hostname);
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host,
        port: address.port || 443,
        path: `${address.pathname}${address.search}`,
        servername: address.hostname,
        headers: { host: address.host, accept: 'application/samlmetadata+xml, text/xml' },
        ca: trustedCaPem,
        agent: false,
        timeout: timeoutMs,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', (error) => reject(fail(error.message)));
        response.on('end', () => {
          if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
          else reject(fail(`HTTP status ${response.statusCode}`));
        });
      },
    );
    call.on('timeout', () => call.destroy(new Error(`no answer within ${timeoutMs / 1000} seconds`)));
    call.on('error', (error) => reject(fail(error.message)));
    call.end();
  });
}

/** Reads what a trust needs: entityID and TargetScopes, the passive endpoint, the encryption certificate. Throws when there is no usable endpoint. */
export function readRelyingPartyMetadata(xml: string, url: string): RelyingPartyFacts {
  const root = new DOMParser().parseFromString(xml, 'text/xml').documentElement;
  if (root?.localName !== 'EntityDescriptor') throw new Error(`${url}: expected an EntityDescriptor, found ${root?.localName ?? 'nothing'}.`);
  const addressesIn = (element: string): string[] =>
    Array.from(root.getElementsByTagNameNS(namespaces.fed, element)).flatMap((parent) =>
      Array.from(parent.getElementsByTagNameNS(namespaces.addressing, 'Address')).map((address) => (address.textContent ?? '').trim()),
    );
  const [endpoint] = addressesIn('PassiveRequestorEndpoint');
  if (!endpoint?.startsWith('https://')) throw new Error(`${url}: expected a PassiveRequestorEndpoint with an https address, found ${endpoint ?? 'none'}.`);
  const encryptionKey = Array.from(root.getElementsByTagNameNS(namespaces.saml2Metadata, 'KeyDescriptor')).find(
    (key) => key.getAttribute('use') === 'encryption',
  );
  const certificate = encryptionKey?.getElementsByTagNameNS(namespaces.ds, 'X509Certificate')[0]?.textContent;
  const identifiers = [root.getAttribute('entityID') ?? '', ...addressesIn('TargetScopes')].filter(Boolean).map(withoutTrailingSlash);
  return {
    identifiers: [...new Set(identifiers)],
    wsFedEndpoint: withExplicitPort(endpoint),
    encryptionCertificatePem: certificate ? pemOf(certificate) : null,
  };
}
