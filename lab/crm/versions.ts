/** The versions of CRM still in use: 2016 is v8.0 and v8.1, 8.2 and 9 are called Dynamics 365. */
export const crmVersions = ['2011', '2013', '2015', '2016', '8.2', '9'] as const;
export type CrmVersion = (typeof crmVersions)[number];

/** What a version shows of itself. */
export interface VersionFacts {
  /** At the end of every title. */
  readonly product: string;
  /** IIS of the Windows Server it mostly runs on. */
  readonly iis: string;
  /** Versions of the Web API that answer; none before 2016 (field guide §11.2). */
  readonly webApi: readonly string[];
  /** Has the older REST endpoint, OrganizationData.svc. */
  readonly organizationData: boolean;
  /** Names the organization in wctx (§1.2: in captures from 2020 on; not in one of 2015). */
  readonly namesOrganization: boolean;
  /** `both`: classic and Unified Interface. */
  readonly shell: '2011' | 'classic' | 'both';
}

const before2016 = {
  product: 'Microsoft Dynamics CRM',
  iis: 'Microsoft-IIS/8.5',
  webApi: [],
  organizationData: true,
  namesOrganization: false,
  shell: 'classic',
} as const;
const webApi8 = ['8.0', '8.1', '8.2'] as const;

export const versionFacts: Readonly<Record<CrmVersion, VersionFacts>> = {
  '2011': { ...before2016, iis: 'Microsoft-IIS/7.5', shell: '2011' },
  '2013': { ...before2016, iis: 'Microsoft-IIS/8.0' },
  '2015': before2016,
  '2016': { ...before2016, webApi: ['8.0', '8.1'] },
  '8.2': { product: 'Microsoft Dynamics 365', iis: 'Microsoft-IIS/10.0', webApi: webApi8, organizationData: true, namesOrganization: true, shell: 'classic' },
  '9': {
    product: 'Microsoft Dynamics 365',
    iis: 'Microsoft-IIS/10.0',
    webApi: [...webApi8, '9.0', '9.1'],
    organizationData: false,
    namesOrganization: true,
    shell: 'both',
  },
};
