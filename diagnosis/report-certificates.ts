import type { CertificateFacts, RouteEvidence } from '../contracts/evidence';
import type { ReportCertificate } from '../contracts/report';
import { hostOf } from './facts/addresses';
import { encryptionCertificates, sameSerial } from './facts/encryption-certificate';
import { stsCertificates } from './facts/sts-certificates';

type Seen = ReportCertificate['seenIn'][number];

/** Every certificate of the evidence once per role and host, with where it was seen; the last good ones as well, for comparison. */
export function reportCertificates(evidence: RouteEvidence): ReportCertificate[] {
  const { stsMetadata, crmMetadata, lastGood, token, tls } = evidence;
  const list = new Map<string, ReportCertificate>();
  const add = (role: ReportCertificate['role'], host: string | null, certificate: CertificateFacts, seen: Seen, primary: boolean | null = null): void => {
    const key = `${role} ${host} ${certificate.sha1}`;
    const known = list.get(key) ?? { ...certificate, role, host: host ?? '', primary, seenIn: [] };
    list.set(key, known.seenIn.includes(seen) ? known : { ...known, seenIn: [...known.seenIn, seen] });
  };

  const sts = hostOf(stsMetadata?.url ?? evidence.settings.stsOrigin);
  const reading = stsCertificates(stsMetadata);
  const primary = (sha1: string): boolean | null => (reading.known ? reading.primary.sha1 === sha1 : null);
  for (const { certificate, use } of stsMetadata?.ok ? stsMetadata.keys : []) {
    if (use !== 'encryption') {
      add('sts-signing', sts, certificate, 'metadata', primary(certificate.sha1));
      if (stsMetadata?.ok && stsMetadata.signature.signerSha1 === certificate.sha1) add('sts-signing', sts, certificate, 'metadata-signature');
      if (token?.signer?.sha1 === certificate.sha1) add('sts-signing', sts, certificate, 'token');
    }
    if (use !== 'signing') add('sts-encryption', sts, certificate, 'metadata');
  }

  const crm = hostOf(crmMetadata?.url ?? evidence.settings.url);
  for (const certificate of crmMetadata ? encryptionCertificates(crmMetadata) : []) {
    add('crm-encryption', crm, certificate, 'metadata');
    if (crmMetadata?.ok && crmMetadata.signature.signerSha1 === certificate.sha1) add('crm-encryption', crm, certificate, 'metadata-signature');
    if (token?.encryptedFor && sameSerial(token.encryptedFor.serial, certificate.serial)) add('crm-encryption', crm, certificate, 'token');
  }

  for (const { host, chain } of tls) if (chain[0]) add('tls', host, chain[0], 'tls');

  for (const { certificate, use } of lastGood?.stsKeys ?? [])
    if (use !== 'encryption') add('sts-signing', sts, certificate, 'last-good', reading.known ? primary(certificate.sha1) : null);
  for (const { certificate, use } of lastGood?.crmKeys ?? []) if (use !== 'signing') add('crm-encryption', crm, certificate, 'last-good');
  return [...list.values()];
}
