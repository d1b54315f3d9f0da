import type { PeerCertificate } from 'node:tls';
import { ProbeFault } from '../../contracts/probe-fault';
import { shorten } from '../../reports/safe-text';

/** The server did not prove that it is the watch that was named. Nothing was sent to it but the opening of TLS. */
export class UntrustedServer extends ProbeFault {}

/** Host, what is wrong, what to do; null for a failure that is not about TLS. `caFile`: what --ca named. */
export function tlsFault(error: NodeJS.ErrnoException, { host, hostname }: URL, caFile: string | null): UntrustedServer | null {
  const { code = '' } = error;
  const text = (wrong: string, remedy: string): UntrustedServer => new UntrustedServer(`${host}: ${wrong} (${code}). The token was not sent. ${remedy}`);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = (error as { cert?: PeerCertificate }).cert?.subjectaltname;
    return text(
      `the TLS certificate is not for ${hostname}${names === undefined ? '' : ` but for ${shorten(names.replace(/DNS:|IP Address:/g, ''), 200)}`}`,
      `Give --server a name the certificate has, or watch a certificate for ${hostname}.`,
    );
  }
  if (code === 'CERT_HAS_EXPIRED') return text('the TLS certificate has expired', 'Renew it at the watch (web.tls), or correct the clock of this machine.');
  if (code === 'CERT_NOT_YET_VALID')
    return text('the TLS certificate is not valid yet', 'Correct the clock of this machine, or the certificate of the watch (web.tls).');
  if (unknownAuthority.test(code))
    return text(
      caFile === null
        ? 'the TLS certificate is from a CA that this machine does not trust'
        : `the TLS certificate is neither from the CA in ${caFile} nor from one this machine trusts`,
      `Name the CA's certificate with --ca FILE (PEM), and have web.tls.cert of the watch hold the whole chain.`,
    );
  if (code.startsWith('CERT_') || /^(PATH_LENGTH_EXCEEDED|INVALID_(CA|PURPOSE)|HOSTNAME_MISMATCH)$/.test(code))
    return text('the TLS certificate cannot be trusted', 'Replace the certificate of the watch (web.tls).');
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_'))
    return text('TLS could not be agreed on', 'Look whether host and port of --server are those of the watch, and whether web.tls is set there.');
  return null;
}

const unknownAuthority =
  /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE)$/;
