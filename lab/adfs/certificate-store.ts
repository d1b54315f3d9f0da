import { X509Certificate } from 'node:crypto';
import type { Clock } from '../clock';
import type { KeyPair } from '../tls/build-certificate';
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

type RolloverStep = 'none' | 'generated' | 'promoted' | 'urgent';

/** What `Get-AdfsProperties` shows of the rollover; changing a value is `Set-AdfsProperties` and counts from the next run of the rollover. */
export interface RolloverProperties {
  /** Off: nothing is generated or promoted by itself, and certificates end when they end. */
  autoCertificateRollover: boolean;
  /** Days a new certificate is valid. */
  certificateDuration: number;
  /** Days before the end of the primary at which a successor is generated. */
  certificateGenerationThreshold: number;
  /** Days a successor stays secondary. */
  certificatePromotionThreshold: number;
  /** Days before the end of the primary from which a successor is generated and promoted at once. */
  certificateCriticalThreshold: number;
}

/** Token-signing and token-decrypting certificates, rolled over together (field guide section 6). */
export interface CertificateStore {
  readonly properties: RolloverProperties;
  readonly signingPrimary: StoredCertificate;
  readonly signingSecondary: StoredCertificate | null;
  readonly decryptingPrimary: StoredCertificate;
  readonly decryptingSecondary: StoredCertificate | null;
  /** A new self-signed pair becomes secondary, valid from now for CertificateDuration days. */
  generate(): Promise<void>;
  /** The secondary becomes primary, the old primary stays listed as secondary. Generates first when no newer secondary exists. */
  promote(): Promise<void>;
  /** Takes the secondary off the list. */
  removeOld(): Promise<void>;
  /** `Update-AdfsCertificate -Urgent`: generates and swaps at once, without the days in which partners could read the new one. */
  urgent(): Promise<void>;
  /** One run of the automatic rollover (AD FS makes one every 720 minutes): acts by the thresholds and says what it did. */
  tick(): Promise<RolloverStep>;
  /** AutoCertificateRollover off and nobody looked: the only token-signing certificate ended yesterday. */
  letExpire(): Promise<void>;
  /** A new token-decrypting certificate alone becomes primary (`Update-AdfsCertificate -CertificateType Token-Decrypting -Urgent`). */
  rollDecrypting(): Promise<void>;
  /** Back to the very first pair and properties. */
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
  /** Where keys come from; a new RSA key each time unless given (simulations of many years reuse some, since making them is slow). */
  readonly newKey?: (() => Promise<KeyPair>) | undefined;
}

interface Pair {
  readonly signing: StoredCertificate;
  readonly decrypting: StoredCertificate;
}

const millisecondsPerDay = 86_400_000;

/** Describes a certificate with its key. */
function describeCertificate({ certPem, keyPem }: { certPem: string; keyPem: string }): StoredCertificate {
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
    newKey,
  } = options;
  const asInstalled: RolloverProperties = {
    autoCertificateRollover: true,
    certificateDuration: durationDays,
    certificateGenerationThreshold: generationThresholdDays,
    certificatePromotionThreshold: promotionThresholdDays,
    certificateCriticalThreshold: criticalThresholdDays,
  };
  const properties = { ...asInstalled };
  const daysFrom = (date: Date, days: number): Date => new Date(date.getTime() + days * millisecondsPerDay);
  const newPair = async (notBefore: Date): Promise<Pair> => {
    const made = async (use: 'Signing' | 'Encryption') =>
      describeCertificate(
        await createKeyPair({ commonName: `ADFS ${use} - ${serviceName}`, notBefore, days: properties.certificateDuration, key: await newKey?.() }),
      );
    const [signing, decrypting] = await Promise.all([made('Signing'), made('Encryption')]);
    return { signing, decrypting };
  };

  const first = await newPair(daysFrom(clock.now(), -initialAgeDays));
  let primary = first;
  let secondary: Pair | null = null;
  const newerSecondary = (): Pair | null => (secondary && secondary.signing.notBefore > primary.signing.notBefore ? secondary : null);

  const store: CertificateStore = {
    properties,
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
      const next = newerSecondary() ?? (await newPair(clock.now()));
      [primary, secondary] = [next, primary];
    },
    async removeOld() {
      secondary = null;
    },
    async urgent() {
      const next = await newPair(clock.now());
      [primary, secondary] = [next, primary];
    },
    async tick() {
      if (!properties.autoCertificateRollover) return 'none';
      const now = clock.now();
      const waiting = newerSecondary();
      const end = primary.signing.notAfter;
      const critical = daysFrom(end, -properties.certificateCriticalThreshold);
      if (waiting) {
        if (now < daysFrom(waiting.signing.notBefore, properties.certificatePromotionThreshold) && now < critical) return 'none';
        await store.promote();
        return 'promoted';
      }
      if (now >= critical) {
        await store.urgent();
        return 'urgent';
      }
      if (now < daysFrom(end, -properties.certificateGenerationThreshold)) return 'none';
      await store.generate();
      return 'generated';
    },
    async letExpire() {
      const { signing } = await newPair(daysFrom(clock.now(), -properties.certificateDuration - 1));
      [primary, secondary] = [{ ...primary, signing }, null];
    },
    async rollDecrypting() {
      const { decrypting } = await newPair(clock.now());
      primary = { ...primary, decrypting };
    },
    async reset() {
      Object.assign(properties, asInstalled);
      primary = first;
      secondary = null;
    },
  };
  return store;
}
