import type { RouteEvidence } from '../../contracts/evidence';
import type { Repair, RepairStep } from '../../contracts/repair';
import { encryptionCertificates } from '../../diagnosis/facts/encryption-certificate';
import { hostOf } from '../../diagnosis/facts/addresses';
import { listed, quoted } from '../../diagnosis/facts/wording';
import { listTrusts, restartAdfs, restartIis, updateTrusts } from '../../diagnosis/remedy-steps';
import { expected } from '../../system/expected';

/** What is known from outside of the deployment the steps are for. */
export interface Deployment {
  readonly stsMetadataUrl: string;
  /** One per route, without a trailing slash; null = CRM sent nobody to the STS, and no last good sign-in tells. */
  readonly realms: readonly { readonly route: RouteEvidence['route']; readonly realm: string | null }[];
  /** CRM's encryption certificate as it publishes it, or as at the last good sign-in. */
  readonly encryption: { readonly subject: string; readonly sha1: string } | null;
  readonly ifd: { readonly external: string | null; readonly parent: string | null; readonly hosts: readonly string[] } | null;
}

type Planned = Pick<RepairStep, 'round' | 'kind' | 'where' | 'text' | 'command' | 'values'>;

export const rounds: Repair['rounds'] = [
  { n: 1, title: 'The short way: trusts, IIS, AD FS' },
  { n: 2, title: 'The long way: claims off in CRM' },
  { n: 3, title: 'The long way: claims and IFD on again, with the same values' },
  { n: 4, title: 'The long way: trusts, IIS and AD FS once more' },
];

/** Reads the deployment off what was seen; what is off at the moment is taken from the last good sign-in. */
export function deploymentOf(routes: readonly RouteEvidence[]): Deployment {
  const first = expected(routes[0], 'a route');
  const ifd = routes.find(({ route }) => route === 'ifd');
  const seen = routes.flatMap(({ crmMetadata }) => (crmMetadata ? encryptionCertificates(crmMetadata) : []));
  const kept = routes.flatMap(({ lastGood }) => lastGood?.crmKeys.filter(({ use }) => use !== 'signing').map(({ certificate }) => certificate) ?? []);
  const encryption = seen[0] ?? kept[0];
  return {
    stsMetadataUrl: first.stsMetadata?.url ?? `${first.settings.stsOrigin}/FederationMetadata/2007-06/FederationMetadata.xml`,
    realms: routes.map(({ route, exchanges, lastGood }) => ({
      route,
      realm: (lastGood?.wtrealm ?? exchanges.find(({ wsfed }) => wsfed?.wtrealm)?.wsfed?.wtrealm)?.replace(/\/+$/, '') ?? null,
    })),
    encryption: encryption ? { subject: encryption.subject, sha1: encryption.sha1 } : null,
    ifd: ifd ? ifdOf(ifd) : null,
  };
}

const ifdOf = ({ token, lastGood, settings, crmMetadata }: RouteEvidence): NonNullable<Deployment['ifd']> => ({
  external: hostAndPort(token?.postedTo ?? lastGood?.tokenPostedTo ?? null),
  parent: hostAndPort(settings.url)?.replace(/^[^.]+\./, '') ?? null,
  hosts: [...new Set((crmMetadata?.ok ? crmMetadata.scopes : (lastGood?.crmScopes ?? [])).flatMap((scope) => hostOf(scope) ?? []))],
});

/** As IfdSettings has it: no scheme, and a port only where it is not 443 (MicrosoftDocs, configure-the-dynamics-365-server-for-ifd.md). */
function hostAndPort(address: string | null): string | null {
  return address !== null && URL.canParse(address) ? new URL(address).host : null;
}

const loadCrm = 'Add-PSSnapin Microsoft.Crm.PowerShell; ';
const eachFront = 'every CRM front-end server';

const listing: Planned = {
  round: 1,
  kind: 'list-trusts',
  where: 'AD FS server',
  text: bare(listTrusts.text),
  command: listTrusts.command ?? null,
  values: [],
};

const trusts = (round: number, realms: Deployment['realms']): Planned[] => [
  ...(round === 1 ? [listing] : []),
  ...realms.map(({ route, realm }) => ({
    round,
    kind: 'update-trusts' as const,
    where: 'AD FS server',
    text:
      `Update the federation metadata of the ${route === 'ifd' ? 'IFD' : 'internal claims'} trust (AD FS console: ` +
      `Relying Party Trusts, right-click, Update Federation Metadata).`,
    command: realm
      ? `Get-AdfsRelyingPartyTrust | Where-Object { $_.Identifier -like ${quoted(`${realm}*`)} } | ForEach-Object { ` +
        `Update-AdfsRelyingPartyTrust -TargetName $_.Name }`
      : (updateTrusts[route === 'ifd' ? 1 : 0]?.command ?? null),
    values: realm ? [{ name: 'Identifier', value: realm }] : [],
  })),
];

const iisreset = (round: number): Planned => ({
  round,
  kind: 'iisreset',
  where: eachFront,
  text: bare(restartIis.text),
  command: restartIis.command ?? null,
  values: [],
});

const adfs = (round: number): Planned => ({
  round,
  kind: 'restart-adfs',
  where: 'every AD FS server',
  text: bare(restartAdfs.text),
  command: restartAdfs.command ?? null,
  values: [],
});

const claimsOff: readonly Planned[] = [
  {
    round: 2,
    kind: 'note-settings',
    where: 'CRM server',
    text: 'Write down the present settings; they are needed in the next round (Deployment Manager shows the same values).',
    command: `${loadCrm}Get-CrmSetting -SettingType ClaimsSettings | Format-List; Get-CrmSetting -SettingType IfdSettings | Format-List`,
    values: [],
  },
  {
    round: 2,
    kind: 'disable-claims',
    where: 'CRM server',
    text:
      'Disable claims-based authentication (Deployment Manager: Disable Claims-Based Authentication). This switches IFD off as well: ' +
      'from here until the end of the next round nobody can sign in over IFD.',
    command: `${loadCrm}$claims = Get-CrmSetting -SettingType ClaimsSettings; $claims.Enabled = $false; Set-CrmSetting -Setting $claims`,
    values: [],
  },
];

const claimsOn = ({ stsMetadataUrl, encryption }: Deployment): Planned => ({
  round: 3,
  kind: 'configure-claims',
  where: 'CRM server',
  text:
    'Configure claims-based authentication again with the same values (Deployment Manager: Configure Claims-Based Authentication). ' +
    'CRM reads the new signing certificate from the AD FS metadata here.',
  command:
    `${loadCrm}$claims = Get-CrmSetting -SettingType ClaimsSettings; $claims.FederationMetadataUrl = ${quoted(stsMetadataUrl)}; ` +
    `$claims.Enabled = $true; Set-CrmSetting -Setting $claims`,
  values: [
    { name: 'FederationMetadataUrl', value: stsMetadataUrl },
    ...(encryption ? [{ name: 'EncryptionCertificate', value: `${encryption.subject}, thumbprint ${encryption.sha1}; leave it as it is` }] : []),
  ],
});

const ifdOn = (ifd: NonNullable<Deployment['ifd']>): Planned => ({
  round: 3,
  kind: 'configure-ifd',
  where: 'CRM server',
  text: 'Configure the Internet-facing deployment again with the same values (Deployment Manager: Configure Internet-Facing Deployment).',
  command: `${loadCrm}$ifd = Get-CrmSetting -SettingType IfdSettings; $ifd.Enabled = $true; Set-CrmSetting -Setting $ifd`,
  values: [
    ...(ifd.external ? [{ name: 'ExternalDomain', value: `${ifd.external} (where AD FS sends the token)` }] : []),
    ...(ifd.parent
      ? ['WebApplicationRootDomain', 'OrganizationWebServiceRootDomain'].map((name) => ({
          name,
          value: `${ifd.parent} (by the address of the organization)`,
        }))
      : []),
    ...(ifd.hosts.length > 0 ? [{ name: 'DiscoveryWebServiceRootDomain', value: `one of the hosts in CRM's metadata: ${listed(ifd.hosts)}` }] : []),
  ],
});

/** KB 2686840's resolution in its order, with the documented command for each step. Sources: docs/after-rollover.md. */
export function checklist(deployment: Deployment): RepairStep[] {
  const { ifd, realms } = deployment;
  const planned: readonly Planned[] = [
    ...trusts(1, realms),
    iisreset(1),
    adfs(1),
    ...claimsOff,
    iisreset(2),
    claimsOn(deployment),
    ...(ifd ? [ifdOn(ifd)] : []),
    iisreset(3),
    ...trusts(4, realms),
    iisreset(4),
    adfs(4),
  ];
  return planned.map((step, index) => ({ ...step, n: index + 1, state: 'open', at: null, seen: null }));
}

/** "On every CRM front-end server: restart IIS." → "Restart IIS.": the machine has a place of its own. */
function bare(text: string): string {
  const rest = text.replace(/^On [^:]+: /, '');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
