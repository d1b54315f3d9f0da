import type { RemedyStep } from '../contracts/report';
import type { RuleBase } from '../contracts/rule';
import { hostOf } from './facts/addresses';
import { quoted } from './facts/wording';

/** Steps several remedies share. One command per step, PowerShell as administrator unless said otherwise; names in angle brackets are the deployment's own. */

/** What the steps are written for: the names in their commands. */
export interface StepBase {
  readonly target: string;
  readonly settings: Pick<RuleBase['settings'], 'stsOrigin'>;
}

/** Step 1 of everything on the AD FS side: how the CRM trusts are called. */
export const listTrusts: RemedyStep = {
  text:
    'On the AD FS server: list the relying-party trusts and note the names of the two CRM ones (internal claims and IFD). ' +
    'On AD FS 2.0 load the commands first: Add-PSSnapin Microsoft.Adfs.PowerShell.',
  command: 'Get-AdfsRelyingPartyTrust | Format-Table Name, Enabled, Identifier, MetadataUrl -AutoSize',
};

/** "Update Federation Metadata" on both trusts, as the KB's first step. */
export const updateTrusts: readonly RemedyStep[] = [
  {
    text:
      'On the AD FS server: update the internal CRM trust from its federation metadata (where its metadata address is blank, ' +
      'with -MetadataFile and a saved copy).',
    command: "Update-AdfsRelyingPartyTrust -TargetName '<CRM internal claims trust>'",
  },
  {
    text: 'On the AD FS server: update the IFD trust in the same way (leave out when there is no IFD).',
    command: "Update-AdfsRelyingPartyTrust -TargetName '<CRM IFD trust>'",
  },
];

export const restartIis: RemedyStep = { text: 'On every CRM front-end server: restart IIS.', command: 'iisreset' };
export const restartAdfs: RemedyStep = {
  text: 'On every AD FS server, one after the other: restart the federation service. Nobody signs in through a node while it restarts.',
  command: 'Restart-Service adfssrv',
};

/** Shows the settings of claims-based authentication and IFD; the later commands need the snap-in it loads. */
export const readClaimsSettings =
  'Add-PSSnapin Microsoft.Crm.PowerShell; Get-CrmSetting ClaimsSettings | Format-List; Get-CrmSetting IfdSettings | Format-List';
/** Claims-based authentication on, its certificates read from AD FS's metadata. */
export const configureClaims = (base: StepBase): string =>
  `$claims = Get-CrmSetting ClaimsSettings; $claims.FederationMetadataUrl = ${quoted(stsMetadataAddress(base))}; ` +
  `$claims.Enabled = $true; Set-CrmSetting $claims`;
export const configureIfd = '$ifd = Get-CrmSetting IfdSettings; $ifd.Enabled = $true; Set-CrmSetting $ifd';

/** The long path of KB 2686840, in its order: claims off, iisreset, claims on, IFD on, iisreset, metadata, iisreset, AD FS. */
export const reconfigureClaims = (base: StepBase): readonly RemedyStep[] => [
  {
    text: 'If that was not enough – on the CRM server, load the CRM commands and write down the present settings (Deployment Manager shows the same values).',
    command: readClaimsSettings,
  },
  {
    text: 'Disable claims-based authentication (Deployment Manager: Disable Claims-Based Authentication).',
    command: '$claims = Get-CrmSetting ClaimsSettings; $claims.Enabled = $false; Set-CrmSetting $claims',
  },
  restartIis,
  {
    text:
      'Configure claims-based authentication again with the same values (Deployment Manager: Configure Claims-Based Authentication). ' +
      'CRM now reads the signing certificate from the AD FS metadata. Where EncryptionCertificate was empty above, ' +
      'set it to the name of CRM’s encryption certificate first.',
    command: configureClaims(base),
  },
  {
    text:
      'Configure the Internet-facing deployment again with the same values (Deployment Manager: ' +
      'Configure Internet-Facing Deployment; leave out when there is no IFD).',
    command: configureIfd,
  },
  restartIis,
  ...updateTrusts,
  restartIis,
  restartAdfs,
];

/** Before the promotion: learn the real thresholds, then promote on purpose in a window and let CRM follow at once. */
export const promoteInWindow = (base: StepBase): readonly RemedyStep[] => [
  {
    text: 'On the AD FS server: read the real thresholds and the state of both certificates.',
    command: 'Get-AdfsProperties | Format-List AutoCertificateRollover, Certificate*',
  },
  {
    text: 'Check which certificate is primary.',
    command: 'Get-AdfsCertificate -CertificateType Token-Signing | Format-List IsPrimary, Thumbprint, Certificate',
  },
  { text: 'Book a window before the date. Stop AD FS from promoting by itself until then.', command: 'Set-AdfsProperties -AutoCertificateRollover $false' },
  {
    text: 'In the window: promote the new certificate on purpose.',
    command: "Set-AdfsCertificate -CertificateType Token-Signing -IsPrimary -Thumbprint '<thumbprint of the new certificate>'",
  },
  { text: 'Right after it, make CRM read the new certificate, in the order of KB 2686840:' },
  ...followPromotion(base),
  { text: 'Switch automatic rollover on again, if it is to stay on.', command: 'Set-AdfsProperties -AutoCertificateRollover $true' },
];

/** KB 2686840 after the promotion: the short path first, then the long one. */
export const followPromotion = (base: StepBase): readonly RemedyStep[] => [listTrusts, ...updateTrusts, restartIis, restartAdfs, ...reconfigureClaims(base)];

/** A refused account is tried again once somebody says so, or with another password. */
export const releaseAccount = (settings: RuleBase['settings']): readonly RemedyStep[] =>
  settings.windowsCurrent
    ? []
    : [
        {
          text: 'Then let the probe try the account again (another password in the secret store does the same).',
          command: `signin-probe account release "${settings.account}"`,
        },
      ];

/** How to see that sign-in works again. */
export const probeAgain = ({ target }: StepBase): RemedyStep => ({
  text: 'Sign in again with the probe, over both routes; expect "healthy".',
  command: `npx signin-probe run ${target}`,
});

/** The admin log of AD FS around the failure; the error page's Activity ID leads to the one event. */
export const readAdfsLog: RemedyStep = {
  text: 'On every AD FS server: read the events 364 of the last hour; the one with the Activity ID of the error page names the reason.',
  command:
    "Get-WinEvent -FilterHashtable @{ LogName = 'AD FS/Admin'; Id = 364; StartTime = (Get-Date).AddHours(-1) } | Format-List TimeCreated, ActivityId, Message",
};

/** The warnings ASP.NET writes on the CRM server when a token is refused. */
export const readCrmLog: RemedyStep = {
  text:
    'On the CRM front-end server: read the ASP.NET warnings (Windows event ID 1309, event code 3005) of the last hour; ' +
    'the exception in them names the reason.',
  command:
    "Get-WinEvent -FilterHashtable @{ LogName = 'Application'; StartTime = (Get-Date).AddHours(-1) } | Where-Object { $_.Message -match " +
    "'ID\\d{4}|SecurityToken' } | Format-List TimeCreated, Id, Message",
};

/** Resolves a name as the servers do. */
export const resolveName = (host: string): string => `Resolve-DnsName ${host}`;

/** The CRM host of this route, for commands. */
export const crmHostName = ({ settings }: RuleBase): string => hostOf(settings.url) ?? '<CRM host>';

/** The STS host, for commands. */
export const stsHostName = ({ settings }: RuleBase): string => hostOf(settings.stsOrigin) ?? '<STS host>';

/** Where CRM answers on this route, for commands: scheme, host, and the port where it is not 443. */
export const crmAddress = ({ settings }: RuleBase): string => (URL.canParse(settings.url) ? new URL(settings.url).origin : 'https://<CRM host>');

/** Where AD FS publishes its federation metadata. */
const stsMetadataAddress = ({ settings }: Pick<StepBase, 'settings'>): string => `${settings.stsOrigin}/FederationMetadata/2007-06/FederationMetadata.xml`;

/** Makes sure that AD FS answers over HTTPS, by what it tells everybody. */
export const fetchStsMetadata = (base: RuleBase): string => `Invoke-WebRequest -UseBasicParsing ${quoted(stsMetadataAddress(base))}`;
