import type { LabParts, RepairResult } from './lab-types';
import { obstacles } from './obstacles';

type Act = (lab: LabParts) => string | Promise<string>;

const steps = {
  'update federation metadata': async ({ adfs }) => {
    await adfs.updateFromMetadata();
    return `AD FS read the metadata of ${adfs.relyingParties.length} relying-party trusts again: identifiers, endpoint, encryption certificate.`;
  },
  iisreset: ({ crm }) => {
    crm.settings.appPoolDown = false;
    crm.iisreset();
    const { claimsEnabled, ifdEnabled, sts } = crm.running;
    const trust = claimsEnabled && sts ? `trusts the signing certificate ${sts.trustedThumbprint}` : 'authenticates with Windows itself';
    return `CRM's web application started anew and read the configuration database: it ${trust}, IFD is ${ifdEnabled ? 'on' : 'off'}.`;
  },
  'restart AD FS': async ({ adfs }) => {
    adfs.settings.serviceDown = false;
    await adfs.restart();
    return 'The AD FS service was restarted; its configuration is as it was.';
  },
  'disable claims': ({ crm }) => {
    crm.disableClaims();
    return 'Claims-based authentication and IFD are disabled in the configuration database; the running web application learns of it at the next iisreset.';
  },
  'configure claims': async ({ crm, adfs }) => {
    const { certificateKept } = await crm.configureClaims(adfs.metadataUrl);
    return certificateKept
      ? 'The wizard ran, but claims are still enabled in the running web application: the stored certificate entry was kept.'
      : `The wizard read the AD FS metadata and stored the signing certificate ${crm.database.sts?.trustedThumbprint}; in force after the next iisreset.`;
  },
  'configure IFD': ({ crm }) => {
    crm.configureIfd();
    return 'IFD is configured in the configuration database; in force after the next iisreset.';
  },
} as const satisfies Record<string, Act>;

export type RepairStep = keyof typeof steps;
export const repairSteps = Object.keys(steps) as readonly RepairStep[];

/** KB 2686840's resolution, in order: first the short path, then, where that is not enough, the long one (field guide §6.4). */
export const kbRepairOrder: readonly RepairStep[] = [
  'update federation metadata',
  'iisreset',
  'restart AD FS',
  'disable claims',
  'iisreset',
  'configure claims',
  'configure IFD',
  'iisreset',
  'update federation metadata',
  'iisreset',
  'restart AD FS',
];

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The step meant by a name, whatever its case and separators; null when there is none. */
export const repairStepNamed = (name: string): RepairStep | null => repairSteps.find((step) => plain(step) === plain(name)) ?? null;

/** Performs one step on the lab. A step that cannot be done says why and changes nothing. */
export async function repair(lab: LabParts, step: RepairStep): Promise<RepairResult> {
  const act: Act = steps[step];
  let did: string;
  let ok = true;
  try {
    did = await act(lab);
  } catch (error) {
    did = `Not done: ${(error as Error).message}`;
    ok = false;
  }
  return { step, did, ok, cured: obstacles(lab).length === 0 };
}

/** Everything that AD FS and CRM know of each other, as on the first day: what clearing faults and rollovers ends with. */
export async function restoreTrust(lab: LabParts): Promise<void> {
  const { adfs, crm, healthy } = lab;
  await adfs.certificates.reset();
  adfs.entityId = healthy.entityId;
  crm.setEncryptionCertificate(healthy.crmEncryption);
  crm.disableClaims();
  crm.iisreset();
  await crm.configureClaims(adfs.metadataUrl);
  crm.configureIfd();
  crm.iisreset();
  await adfs.updateFromMetadata();
  await adfs.restart();
}
