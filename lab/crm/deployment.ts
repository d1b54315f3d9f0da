import type { CrmConfiguration, KeyPair } from './crm-types';
import { readStsMetadata } from './read-sts-metadata';

/** MSCRM_CONFIG and the Deployment Manager's operations on it. */
export interface Deployment {
  readonly database: CrmConfiguration;
  readonly running: CrmConfiguration;
  configureClaims(stsMetadataUrl?: string): Promise<{ readonly certificateKept: boolean }>;
  disableClaims(): void;
  configureIfd(): void;
  setEncryptionCertificate(pair: KeyPair): void;
  iisreset(): void;
}

/**
 * The database and the app pool's copy of it (KB 2686840: "In the … CRM server database, it still has the old certificate entry").
 * What the wizards write reaches the web application at the next iisreset only.
 */
export function createDeployment(encryption: KeyPair, fetchText: (url: string) => Promise<string>): Deployment {
  let database: CrmConfiguration = { claimsEnabled: false, ifdEnabled: false, sts: null, encryption };
  let running = database;
  return {
    get database() {
      return database;
    },
    get running() {
      return running;
    },
    async configureClaims(stsMetadataUrl = database.sts?.metadataUrl) {
      if (!stsMetadataUrl)
        throw new Error('Configure Claims-Based Authentication: expected the address of the AD FS federation metadata, found none stored; give it.');
      const read = readStsMetadata(await fetchText(stsMetadataUrl), stsMetadataUrl);
      // The entry that the running application uses is not overwritten: KB 2686840 disables claims, resets IIS, and only then runs the wizard.
      const certificateKept = running.claimsEnabled && running.sts !== null;
      const sts = certificateKept && running.sts ? { ...read, issuerName: running.sts.issuerName, trustedThumbprint: running.sts.trustedThumbprint } : read;
      database = { ...database, claimsEnabled: true, sts };
      return { certificateKept };
    },
    disableClaims() {
      // The address of the metadata stays as the wizard's default.
      database = { ...database, claimsEnabled: false, ifdEnabled: false };
    },
    configureIfd() {
      if (!database.claimsEnabled)
        throw new Error('Configure Internet-Facing Deployment: expected claims-based authentication to be configured first, found it disabled.');
      database = { ...database, ifdEnabled: true };
    },
    setEncryptionCertificate(pair) {
      database = { ...database, encryption: pair };
    },
    iisreset() {
      running = database;
    },
  };
}
