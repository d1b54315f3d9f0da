/**
 * TLS facts of one host at one address. Two handshakes, no data sent on either: one with an empty store, which shows the chain exactly as the server sends it
 * (with a store Node completes it and hides a missing intermediate), and one judged with the configured CA and the system's roots. Both go through with
 * `rejectUnauthorized: false` because a bad certificate is evidence here; Node's own verdict (`authorized`) is read off the second.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import * as tls from 'node:tls';
import type { CertificateFacts, TlsFacts } from '../../contracts/evidence';
import { certificateFacts } from '../../federation/certificate-facts';
import { withoutBrackets } from '../network/loopback';
import { trustedRoots, trustingContext } from '../network/trust';
import { retrying } from '../../system/retry-policy';

export interface TlsCapture {
  readonly facts: TlsFacts;
  /**
   * Base64 SHA-256 of the leaf's public key, for Chromium's --ignore-certificate-errors-spki-list. Only when Node trusts chain and name with the configured CA
   * file; null otherwise, so that a bad certificate stays an error in the browser as well.
   */
  readonly trustedSpki: string | null;
  /** The slower of the two handshakes, connecting included. */
  readonly durationMs: number;
}

const defaultTimeoutMs = 8000;

/** `host` is the name to be proved, `address` where to dial. Never throws; no answer is a fact with its code. */
export async function captureTls(
  host: string,
  port: number,
  address: string,
  caFile: string | null,
  { timeoutMs = defaultTimeoutMs, signal }: { timeoutMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<TlsCapture> {
  const startedAt = performance.now();
  const name = withoutBrackets(host).toLowerCase();
  const target = { host: address, port, servername: isIP(name) ? '' : name, timeoutMs, signal };
  const shake = (secureContext: tls.SecureContext): Promise<Handshake> =>
    retrying(
      () => handshake({ ...target, secureContext }),
      ({ error }) => error,
      { signal },
    );
  const [sent, judged] = await Promise.all([shake(emptyContext()), shake(trustingContext(caFile))]);
  const durationMs = performance.now() - startedAt;
  const leaf = sent.chain[0] ?? null;
  if (!leaf || judged.chain.length === 0) {
    const { error, protocol, cipher } = leaf ? judged : sent;
    return {
      facts: { host: name, port, address, trusted: false, error: error ?? 'ENOCERTIFICATE', protocol, cipher, chain: [], names: [], incomplete: false },
      trustedSpki: null,
      durationMs,
    };
  }
  const trusted = judged.authorized;
  const facts: TlsFacts = {
    host: name,
    port,
    address,
    trusted,
    error: trusted ? null : judged.error,
    protocol: judged.protocol,
    cipher: judged.cipher,
    chain: sent.chain.map(certificateFacts).filter((read): read is CertificateFacts => !('unreadable' in read)),
    names: alternativeNames(leaf),
    incomplete: isIncomplete(sent.chain, judged, caFile),
  };
  return { facts, trustedSpki: trusted && caFile !== null ? spkiOf(leaf) : null, durationMs };
}

interface Handshake {
  /** Leaf first; empty when there was none. */
  readonly chain: readonly X509Certificate[];
  /** Chain and name are good, by the context's roots. */
  readonly authorized: boolean;
  readonly error: string | null;
  readonly protocol: string | null;
  readonly cipher: string | null;
}

interface Address {
  readonly host: string;
  readonly port: number;
  readonly servername: string;
  readonly secureContext: tls.SecureContext;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

function handshake({ host, port, servername, secureContext, timeoutMs, signal }: Address): Promise<Handshake> {
  return new Promise((resolve) => {
    const socket = tls.connect({ host, port, servername, secureContext, rejectUnauthorized: false });
    const finish = (result: Handshake): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      resolve(result);
      socket.destroy();
    };
    const fail = (error: string): void => finish({ chain: [], authorized: false, error, protocol: null, cipher: null });
    const onAbort = (): void => fail('EABORTED');
    const timer = setTimeout(() => fail('ETIMEDOUT'), timeoutMs);
    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    // Also after the end: a server that resets the connection then must not end the program.
    socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'EUNKNOWN'));
    socket.once('close', () => fail('ECONNRESET'));
    socket.once('secureConnect', () =>
      finish({
        chain: chainOf(socket.getPeerCertificate(true)),
        authorized: socket.authorized,
        // With a verdict Node gives its code here, although the declaration says Error.
        error: socket.authorized ? null : String((socket.authorizationError as Error & { code?: string })?.code ?? socket.authorizationError ?? 'EUNVERIFIED'),
        protocol: socket.getProtocol(),
        cipher: socket.getCipher()?.standardName ?? null,
      }),
    );
  });
}

/** A self-signed certificate at the end points to itself: stop there. */
function chainOf(leaf: tls.DetailedPeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<string>();
  for (let at: tls.DetailedPeerCertificate | undefined = leaf; at?.raw && !seen.has(at.fingerprint256); at = at.issuerCertificate) {
    seen.add(at.fingerprint256);
    chain.push(new X509Certificate(at.raw));
  }
  return chain;
}

let empty: tls.SecureContext | null = null;
const emptyContext = (): tls.SecureContext => (empty ??= tls.createSecureContext({ ca: [] }));

/** Codes of a chain that could not be followed to a root. */
const brokenChain = new Set(['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY']);

/**
 * Did the server leave out an intermediate? Its last certificate must be signed by a root.
 * Where the local store holds the signer, that one tells (an intermediate in the CA file makes Node trust what a browser would not).
 * Where nobody knows the signer, it is an intermediate if the certificate says where to fetch it (AIA) or a private CA was configured and did not sign it;
 * otherwise it may as well be an unknown root.
 */
function isIncomplete(sent: readonly X509Certificate[], judged: Handshake, caFile: string | null): boolean {
  const last = sent.at(-1);
  if (!last || isSelfIssued(last)) return false;
  const next = judged.chain[sent.length];
  if (next) return !isSelfIssued(next);
  if (trustedRoots(caFile).some((pem) => last.checkIssued(new X509Certificate(pem)))) return false;
  return brokenChain.has(judged.error ?? '') && (caFile !== null || /CA Issuers/i.test(last.infoAccess ?? ''));
}

const isSelfIssued = (certificate: X509Certificate): boolean => certificate.checkIssued(certificate);

function alternativeNames(leaf: X509Certificate): string[] {
  return [...(leaf.subjectAltName ?? '').matchAll(/(?:DNS|IP Address):("[^"]*"|[^,]+)/g)].map(([, name = '']) => name.replace(/^"|"$/g, '').trim());
}

function spkiOf(leaf: X509Certificate): string {
  return createHash('sha256')
    .update(leaf.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}
