import { randomUUID } from 'node:crypto';
import { type AdfsSettings, startAdfs } from './adfs/adfs';
import { newTotpSecret } from './adfs/totp';
import { createClock } from './clock';
import type { TextStyle } from './customised-texts';
import { startControl } from './control';
import { startCrm, type CrmHosts } from './crm/crm';
import { startDnsServer } from './dns-server';
import { faults } from './faults';
import { fetchText } from './fetch-text';
import { openLabFolder, passwordVariable, randomPassword, writeLabFiles } from './lab-files';
import { labState } from './lab-state';
import type { FaultId, DirectoryAccount, Lab, LabOptions, LabParts } from './lab-types';
import { repair, repairSteps, repairStepNamed, restoreTrust } from './repair';
import { createCertificateAuthority } from './tls/certificate-authority';

export type * from './lab-types';

const domain = 'contoso.test';
const stsHost = `sts.${domain}`;
const crmHosts: CrmHosts = { internal: `internalcrm.${domain}`, organization: `contoso.${domain}`, auth: `auth.${domain}`, discovery: `dev.${domain}` };

interface Machines {
  readonly parts: LabParts;
  readonly crmCertificate: Lab['serverCertificates']['crm'];
  readonly closers: readonly (() => Promise<void>)[];
}

/** How AD FS is set up for good; faults come on top of it. Throws for what the generation does not have. */
function standingSettings({ generation, hrd, totp, keepSignedIn, otherMethods, prefilledUser }: LabOptions): Partial<AdfsSettings> {
  if (totp && (generation === '2.0' || generation === '2.1'))
    throw new Error(`AD FS ${generation} has no additional authentication: choose generation 3.0 or later for one-time codes.`);
  return {
    requireMfa: totp ?? false,
    claimsProviders: hrd ? [{ id: 'http://sts.fabrikam.test/adfs/services/trust', name: 'Fabrikam', signInUrl: 'https://sts.fabrikam.test/adfs/ls/' }] : [],
    keepSignedIn: keepSignedIn ?? false,
    optionLinks: otherMethods ? ['CertificateAuthentication', 'AzureMfaAuthentication'] : [],
    prefilledUser: prefilledUser ?? null,
  };
}

/** Names, certificates, AD FS and CRM, connected as the two wizards and the two relying-party trusts connect them. */
async function startMachines(options: LabOptions, password: string, texts: TextStyle): Promise<Machines> {
  const closers: (() => Promise<void>)[] = [];
  try {
    const [authority, dns] = await Promise.all([
      createCertificateAuthority('signin-probe lab'),
      startDnsServer(
        [stsHost, ...Object.values(crmHosts)].map((host) => [host, '127.0.0.1'] as const),
        options.ports?.dns,
      ),
    ]);
    closers.push(dns.close);
    const [stsCertificate, crmCertificate, crmEncryption] = await Promise.all([
      authority.issueServerCertificate({ hosts: [stsHost] }),
      authority.issueServerCertificate({ hosts: Object.values(crmHosts) }),
      authority.issueServerCertificate({ hosts: [`*.${domain}`] }),
    ]);
    const account: DirectoryAccount = {
      user: 'CONTOSO\\probe',
      upn: `probe@${domain}`,
      password,
      displayName: 'Sign-in Probe',
      sid: 'S-1-5-21-1004336348-1177238915-682003330-1604',
      ...(options.totp ? { totpSecret: newTotpSecret() } : {}),
    };
    const trusted = { ca: authority.certificatePem, lookup: dns.lookup };
    const crm = await startCrm({
      hosts: crmHosts,
      port: options.ports?.crm,
      serverCertificate: crmCertificate,
      encryption: crmEncryption,
      clock: createClock(),
      users: [{ systemUserId: randomUUID(), domainName: account.user, upn: account.upn, fullName: account.displayName, email: account.upn }],
      organization: { id: randomUUID(), uniqueName: 'Contoso', friendlyName: 'Contoso', businessUnitId: randomUUID() },
      fetchText: (url) => fetchText(url, trusted),
      face: options.face,
      shell: options.shell,
      version: options.crmVersion,
      namesOrganization: options.crmOrgId,
      texts,
    });
    closers.push(() => crm.close());
    const adfs = await startAdfs({
      host: stsHost,
      port: options.ports?.sts,
      serverCertificate: stsCertificate,
      clock: createClock(),
      accounts: [account],
      generation: options.generation,
      pages: { paginated: options.paginated, customised: options.customisedPages, language: options.language },
      settings: standingSettings(options),
      newKey: options.newKey,
      trustedCaPem: trusted.ca,
      lookup: dns.lookup,
      displayName: 'Contoso',
      texts,
    });
    closers.push(() => adfs.close());
    await crm.configureClaims(adfs.metadataUrl);
    crm.configureIfd();
    crm.iisreset();
    const metadataPath = 'FederationMetadata/2007-06/FederationMetadata.xml';
    await adfs.addRelyingPartyFromMetadata({ name: 'CRM Claims Relying Party', metadataUrl: `${crm.addresses.internal}${metadataPath}` });
    await adfs.addRelyingPartyFromMetadata({ name: 'CRM IFD Relying Party', metadataUrl: `${crm.addresses.auth}${metadataPath}` });
    let presented = stsCertificate;
    const parts: LabParts = {
      adfs,
      crm,
      dns,
      authority,
      account,
      healthy: { entityId: adfs.entityId, password, stsHost, stsCertificate, crmEncryption },
      secondMachine: null,
      client: null,
      get stsCertificate() {
        return presented;
      },
      presentStsCertificate(certificate) {
        presented = certificate;
        adfs.setServerCertificate(certificate);
      },
    };
    closers.push(async () => parts.secondMachine?.close());
    return { parts, crmCertificate, closers };
  } catch (error) {
    await Promise.allSettled(closers.map((close) => close()));
    throw error;
  }
}

/** One operation at a time: what one request of the control interface does is whole before the next begins. */
function createQueue(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}

function createOperations(parts: LabParts): Pick<Lab, 'setFaults' | 'rollover' | 'repair' | 'setClock' | 'setFace' | 'state'> {
  const { adfs, crm } = parts;
  const inTurn = createQueue();
  let active: readonly FaultId[] = [];
  return {
    setFaults: (ids) =>
      inTurn(async () => {
        for (const id of active) await faults[id].clear(parts);
        active = [];
        adfs.resetSettings();
        crm.resetSettings();
        adfs.clock.offsetSeconds = 0;
        crm.clock.offsetSeconds = 0;
        await restoreTrust(parts);
        for (const id of new Set(ids)) {
          active = [...active, id];
          await faults[id].apply(parts);
        }
      }),
    rollover: (phase) => inTurn(() => adfs.certificates[phase]()),
    repair: (name) =>
      inTurn(async () => {
        const step = repairStepNamed(name);
        if (!step) throw new Error(`Unknown repair step "${name}": expected one of ${repairSteps.join(', ')}.`);
        return repair(parts, step);
      }),
    setClock(host, offsetSeconds) {
      (host === 'sts' ? adfs : crm).clock.offsetSeconds = offsetSeconds;
    },
    setFace(face) {
      crm.settings.face = face;
    },
    state: () => labState(parts, active),
  };
}

/**
 * Starts a whole lab on loopback: own CA, DNS, AD FS, CRM and control interface, with a ready configuration file for the probe. The
 * account's password is that of the environment variable SIGNIN_PROBE_LAB_PASSWORD, or a random one kept in a file of the lab's folder.
 */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const given = process.env[passwordVariable] || null;
  const password = given ?? randomPassword();
  const folder = await openLabFolder(options.folder);
  let closers: readonly (() => Promise<void>)[] = [folder.remove];
  const close = async (): Promise<void> => {
    const pending = closers;
    closers = [];
    await Promise.allSettled(pending.map((closeOne) => closeOne()));
  };
  try {
    const texts: TextStyle = { customised: false };
    const machines = await startMachines(options, password, texts);
    closers = [...closers, ...machines.closers];
    const { parts, crmCertificate } = machines;
    const { adfs, crm, dns, account } = parts;
    const operations = createOperations(parts);
    const control = await startControl(operations, options.ports?.control);
    closers = [control.close, ...closers];
    const urls = { ...crm.urls, sts: adfs.origin };
    const { config, ca, passwordFile, client } = await writeLabFiles(folder.path, {
      caPem: parts.authority.certificatePem,
      urls,
      user: account.user,
      upn: account.upn,
      organizationId: crm.organization.id,
      dnsPort: dns.port,
      passwordToStore: given === null ? password : null,
      totpToStore: account.totpSecret ?? null,
      realm: options.hrd ? 'Active Directory' : null,
    });
    parts.client = client;
    return {
      folder: folder.path,
      config,
      ca,
      urls,
      control: control.url,
      accounts: [{ user: account.user, passwordEnv: passwordVariable, ...(passwordFile === null ? {} : { passwordFile }) }],
      credentials: {
        user: account.user,
        get password() {
          return parts.healthy.password;
        },
      },
      adfs,
      crm,
      dns,
      get serverCertificates() {
        return { sts: parts.stsCertificate, crm: crmCertificate };
      },
      ...operations,
      setTexts(style) {
        texts.customised = style === 'customised';
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
