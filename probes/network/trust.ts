/** Which certificate authorities this program believes: those of the system and of Node, and the configured CA file. */
import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import { pemCertificates } from '../../system/pem-certificates';

/** Where Linux distributions keep the system's roots as one file. Windows' and macOS's own stores are read where Node can (22.15 and later). */
const linuxBundles = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/ca-bundle.pem'];

let systemRoots: readonly string[] | null = null;
const contexts = new Map<string, tls.SecureContext>();

/** PEM texts of every trusted CA. An unreadable CA file gives the system's alone: the verification then fails and says so, as TLS evidence. */
export function trustedRoots(caFile: string | null): readonly string[] {
  systemRoots ??= readSystemRoots();
  const own = caFile === null ? [] : pemCertificates(textOf(caFile));
  return [...own, ...systemRoots];
}

/** A context with these roots, made once per CA file and content (parsing some hundred roots takes tens of milliseconds). */
export function trustingContext(caFile: string | null): tls.SecureContext {
  const key = caFile === null ? '' : textOf(caFile);
  let context = contexts.get(key);
  if (!context) contexts.set(key, (context = tls.createSecureContext({ ca: [...trustedRoots(caFile)] })));
  return context;
}

function readSystemRoots(): string[] {
  const getCaCertificates = (tls as { getCACertificates?: (type: 'system') => string[] }).getCACertificates;
  const system = getCaCertificates ? getCaCertificates('system') : linuxBundles.flatMap((path) => pemCertificates(textOf(path)));
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  return [...new Set([...tls.rootCertificates, ...system, ...(extra ? pemCertificates(textOf(extra)) : [])].map((pem) => pem.trim()))];
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
