import { X509Certificate } from 'node:crypto';
import type { Clock } from '../clock';
import { createKeyPair } from '../tls/self-signed';

/** A certificate with its key. */
export interface StoredCertificate {
  readonly certPem: string;
  readonly keyPem: string;
  /** Thumbprint: upper-case hexadecimal, no separators. */
  readonly sha1: string;
  readonly subject: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export type RolloverStep = 'none' | 'generated' | 'promoted' | 'urgent';

/** Token-signing and token-decrypting certificates, rolled over together (field guide section 6). */
export interface CertificateStore {
  readonly signingPrimary: StoredCertificate;
  readonly signingSecondary: StoredCertificate | null;
  readonly decryptingPrimary: StoredCertificate;
  readonly decryptingSecondary: StoredCertificate | null;
  /** A new self-signed pair becomes secondary, valid from now for 365 days. */
  generate(): Promise<void>;
  /** The secondary becomes primary, the old primary stays listed as secondary. Generates first when no newer secondary exists. */
  promote(): Promise<void>;
  /** Takes the secondary off the list. */
  removeOld(): Promise<void>;
  /** `Update-AdfsCertificate -Urgent`: generates and swaps at once, without the days in which partners could read the new one. */
  urgent(): Promise<void>;
  /** One run of the automatic rollover (AD FS makes one every 720 minutes): acts by the thresholds and says what it did. */
  tick(): Promise<RolloverStep>;
  /** Back to the very first pair. */
  reset(): Promise<void>;
}

export interface CertificateStoreOptions {
  /** Federation service name, `sts.contoso.test`. */
  readonly serviceName: string;
  readonly clock: Clock;
  readonly durationDays?: number;
  readonly generationThresholdDays?: number;
  readonly promotionThresholdDays?: number;
  readonly criticalThresholdDays?: number;
  /** How old the first pair is. */
  readonly initialAgeDays?: number;
}

interface Pair {
  readonly signing: StoredCertificate;
  readonly decrypting: StoredCertificate;
}

const millisecondsPerDay = 86_400_000;

/** Describes a certificate with its key. */
export function describeCertificate({ certPem, keyPem }: { certPem: string; keyPem: string }): StoredCertificate {
  const certificate = new X509Certificate(certPem);
  return {
    certPem,
    keyPem,
    sha1: certificate.fingerprint.replaceAll(':', ''),
    subject: certificate.subject,
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
  };
}

/** A store with the defaults of AD FS: 365 days, generation 20 days and emergency 2 days before the end, promotion 5 days after generation. */
export async function createCertificateStore(options: CertificateStoreOptions): Promise<CertificateStore> {
  const {
    serviceName,
    clock,
    durationDays = 365,
    generationThresholdDays = 20,
    promotionThresholdDays = 5,
    criticalThresholdDays = 2,
    initialAgeDays = 100,
  } = options;
  const daysFrom = (date: Date, days: number): Date => new Date(date.getTime() + days * millisecondsPerDay);
  const newPair = async (notBefore: Date): Promise<Pair> => {
    const [signing, decrypting] = await Promise.all(
      ['Signing', 'Encryption'].map((use) => createKeyPair({ commonName: `ADFS ${use} - ${serviceName}`, notBefore, days: durationDays })),
    );
    return { signing: describeCertificate(signing!), decrypting: describeCertificate(decrypting!) };
  };

  const first = await newPair(daysFrom(clock.now(), -initialAgeDays));
  let primary = first;
  let secondary: Pair | null = null;
  const newerSecondary = (): Pair | null => (secondary && secondary.signing.notBefore > primary.signing.notBefore ? secondary : null);

  const store: CertificateStore = {
    get signingPrimary() {
      return primary.signing;
    },
    get signingSecondary() {
      return secondary?.signing ?? null;
    },
    get decryptingPrimary() {
      return primary.decrypting;
    },
    get decryptingSecondary() {
      return secondary?.decrypting ?? null;
    },
    async generate() {
      secondary = await newPair(clock.now());
    },
    async promote() {
      if (!newerSecondary()) await store.generate();
      [primary, secondary] = [secondary!, primary];
    },
    async removeOld() {
      secondary = null;
    },
    async urgent() {
      await store.generate();
      [primary, secondary] = [secondary!, primary];
    },
    async tick() {
      const now = clock.now();
      const waiting = newerSecondary();
      const end = primary.signing.notAfter;
      if (waiting) {
        if (now < daysFrom(waiting.signing.notBefore, promotionThresholdDays) && now < daysFrom(end, -criticalThresholdDays)) return 'none';
        await store.promote();
        return 'promoted';
      }
      if (now >= daysFrom(end, -criticalThresholdDays)) {
        await store.urgent();
        return 'urgent';
      }
      if (now < daysFrom(end, -generationThresholdDays)) return 'none';
      await store.generate();
      return 'generated';
    },
    async reset() {
      primary = first;
      secondary = null;
    },
  };
  return store;
}
