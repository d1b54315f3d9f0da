import { X509Certificate } from 'node:crypto';
import type { CauseId } from '../contracts/causes';
import type { StoredCertificate } from './adfs/certificate-store';
import type { CertificateState, LabParts, LabState } from './lab-types';
import { obstacles } from './obstacles';

const stored = ({ sha1, subject, notBefore, notAfter }: StoredCertificate): CertificateState => ({
  sha1,
  subject,
  notBefore: notBefore.toISOString(),
  notAfter: notAfter.toISOString(),
});

function fromPem(pem: string): CertificateState {
  const certificate = new X509Certificate(pem);
  return {
    sha1: certificate.fingerprint.replaceAll(':', ''),
    subject: certificate.subject,
    notBefore: new Date(certificate.validFrom).toISOString(),
    notAfter: new Date(certificate.validTo).toISOString(),
  };
}

/** A snapshot of the lab for people and checks: no password, no key, no token. */
export function labState(lab: LabParts, faults: readonly CauseId[]): LabState {
  const { adfs, crm } = lab;
  const { signingPrimary, signingSecondary } = adfs.certificates;
  const { running, database, counters } = crm;
  const clock = ({ offsetSeconds, now }: { offsetSeconds: number; now: Date }) => ({ offsetSeconds, now: now.toISOString() });
  return {
    faults: [...faults],
    obstacles: obstacles(lab),
    face: crm.settings.face,
    shell: crm.settings.shell,
    generation: adfs.generation,
    crmVersion: crm.version,
    certificates: {
      signingPrimary: stored(signingPrimary),
      signingSecondary: signingSecondary ? stored(signingSecondary) : null,
      crmEncryption: fromPem(running.encryption.certPem),
    },
    adfs: {
      entityId: adfs.entityId,
      relyingParties: adfs.relyingParties.map(({ name, enabled, identifiers }) => ({ name, enabled, identifiers: [...identifiers] })),
    },
    crm: {
      claimsEnabled: running.claimsEnabled,
      ifdEnabled: running.ifdEnabled,
      issuerName: running.sts?.issuerName ?? null,
      trustedThumbprint: running.sts?.trustedThumbprint ?? null,
      storedThumbprint: database.sts?.trustedThumbprint ?? null,
      lastRefusal: crm.lastRefusal,
    },
    clocks: {
      sts: clock({ offsetSeconds: adfs.clock.offsetSeconds, now: adfs.clock.now() }),
      crm: clock({ offsetSeconds: crm.clock.offsetSeconds, now: crm.clock.now() }),
    },
    counters: {
      tokensIssued: adfs.counters.tokensIssued,
      tokenPosts: counters.tokenPosts,
      tokensAccepted: counters.tokensAccepted,
      tokensRefused: counters.tokensRefused,
      passwordSubmissions: adfs.counters.passwordSubmissions,
      passwordRefusals: adfs.counters.passwordRefusals,
      windowsRefusals: adfs.counters.ntlmRefusals,
    },
  };
}
