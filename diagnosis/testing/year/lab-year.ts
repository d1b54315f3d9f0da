import { type KeyPair, newKeyPair } from '../../../lab/tls/build-certificate';
import { createKeyPair } from '../../../lab/tls/self-signed';
import { fetchText } from '../../../lab/fetch-text';
import { type Lab, startLab } from '../../../lab/start-lab';
import type { Operation } from './scenarios';
import { readFile } from 'node:fs/promises';

/** A lab whose clock a simulation moves, and the two documents a forecast reads. */
export interface LabYear {
  readonly lab: Lab;
  /** When CRM's encryption certificate ends, ms since 1970. */
  readonly crmEncryptionEndsAt: number;
  /** Both servers' clocks. */
  setTime(ms: number): void;
  /** A healthy farm at this instant: a fresh signing certificate with the given properties, CRM trusting it, and an encryption certificate that lasts. */
  begin(start: BeginOptions): Promise<void>;
  /** What the lab itself finds in the way of a sign-in now. */
  obstacles(): readonly string[];
  /** The metadata documents as published, over HTTPS. */
  publishedByAdfs(): Promise<string>;
  publishedByCrm(): Promise<string>;
  perform(what: Operation): Promise<void>;
  close(): Promise<void>;
}

interface BeginOptions {
  readonly at: number;
  readonly properties: Partial<Lab['adfs']['certificates']['properties']>;
  readonly crmEncryptionEndsAt: number;
}

/** Enough that no two certificates published together share a key. */
const keysInUse = 8;

const kbLongPath = ['disable claims', 'iisreset', 'configure claims', 'configure IFD', 'iisreset', 'update federation metadata', 'iisreset', 'restart AD FS'];

/** Starts the lab once; `begin` resets it for the next scenario. */
export async function startLabYear(): Promise<LabYear> {
  const keys: KeyPair[] = await Promise.all(Array.from({ length: keysInUse }, newKeyPair));
  let taken = 0;
  const lab = await startLab({ newKey: () => Promise.resolve(keys[taken++ % keysInUse]!) });
  const ca = await readFile(lab.ca, 'utf8');
  const { certificates } = lab.adfs;
  const repair = async (steps: readonly string[]): Promise<void> => {
    for (const step of steps) {
      const { ok, did } = await lab.repair(step);
      if (!ok) throw new Error(`${step}: ${did}`);
    }
  };
  const setTime = (ms: number): void => {
    for (const host of ['sts', 'crm'] as const) lab.setClock(host, (ms - Date.now()) / 1000);
  };
  let encryptionEndsAt = Infinity;
  const giveEncryption = async (at: number, endsAt: number): Promise<void> => {
    lab.crm.setEncryptionCertificate(await createKeyPair({ commonName: '*.contoso.test', notBefore: new Date(at), notAfter: new Date(endsAt), key: keys[0] }));
    encryptionEndsAt = endsAt;
  };
  const operations: Readonly<Record<Operation, () => Promise<void>>> = {
    'repair CRM': () => repair(kbLongPath),
    'configure CRM anew': () => repair(kbLongPath),
    'Update-AdfsCertificate': () => certificates.generate(),
    'Update-AdfsCertificate -Urgent': () => certificates.urgent(),
    'promote by hand': () => certificates.promote(),
    'renew by hand': async () => {
      await certificates.generate();
      await certificates.promote();
    },
    'CertificateDuration 730': async () => void (certificates.properties.certificateDuration = 730),
    'renew CRM encryption': () => giveEncryption(lab.adfs.clock.now().getTime(), Date.UTC(2049, 0, 1)),
  };
  return {
    lab,
    get crmEncryptionEndsAt() {
      return encryptionEndsAt;
    },
    setTime,
    async begin({ at, properties, crmEncryptionEndsAt }) {
      await lab.setFaults([]);
      setTime(at);
      Object.assign(certificates.properties, properties);
      await certificates.generate();
      await certificates.promote();
      await certificates.removeOld();
      await giveEncryption(at, crmEncryptionEndsAt);
      await repair(kbLongPath);
      const found = lab.state().obstacles;
      if (found.length > 0) throw new Error(`The year should begin healthy; found: ${found.join('; ')}`);
    },
    obstacles: () => lab.state().obstacles,
    publishedByAdfs: () => fetchText(lab.adfs.metadataUrl, { ca, lookup: lab.dns.lookup }),
    publishedByCrm: () => fetchText(`${lab.crm.addresses.internal}FederationMetadata/2007-06/FederationMetadata.xml`, { ca, lookup: lab.dns.lookup }),
    perform: (what) => operations[what](),
    close: lab.close,
  };
}
