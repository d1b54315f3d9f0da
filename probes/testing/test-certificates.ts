/** A small PKI for tests: a root, an intermediate, and leaves with any names and dates. */
import { generate } from 'selfsigned';

export interface TestIdentity {
  readonly key: string;
  readonly cert: string;
}

const dayMs = 24 * 3600 * 1000;

export interface Wanted {
  /** null = self-signed. */
  readonly signedBy?: TestIdentity | null;
  readonly notBefore?: Date | undefined;
  readonly notAfter?: Date | undefined;
}

export async function testAuthority(name: string, { signedBy = null, notBefore, notAfter }: Wanted = {}): Promise<TestIdentity> {
  return make(name, { signedBy, notBefore, notAfter }, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);
}

export async function testServerCertificate(names: readonly string[], { signedBy = null, notBefore, notAfter }: Wanted = {}): Promise<TestIdentity> {
  return make(names[0]!, { signedBy, notBefore, notAfter }, [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2 as const, value })) },
  ]);
}

async function make(
  commonName: string,
  { signedBy, notBefore, notAfter }: Wanted,
  extensions: NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>,
): Promise<TestIdentity> {
  const made = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: notBefore ?? new Date(Date.now() - dayMs),
    notAfterDate: notAfter ?? new Date(Date.now() + 90 * dayMs),
    extensions,
    ...(signedBy ? { ca: signedBy } : {}),
  });
  return { key: made.private, cert: made.cert };
}
