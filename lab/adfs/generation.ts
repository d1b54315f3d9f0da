/** The generations of AD FS still in use. 2.0 and 2.1 are ASP.NET applications in IIS, everything later answers from HTTP.sys. */
export const adfsGenerations = ['2.0', '2.1', '3.0', '2016', '2019', '2022'] as const;
export type AdfsGeneration = (typeof adfsGenerations)[number];

/** What IIS and ASP.NET say of themselves in every answer. */
export interface IisHeaders {
  readonly server: string;
  readonly aspNetVersion: string;
}

/** What sets a generation apart besides its pages (field guide sections 0, 1.4 and 8). */
export interface GenerationHabits {
  /** Windows sign-in's own address. */
  readonly windowsPath: string;
  /** The form's own address; null = the passive endpoint itself. */
  readonly formPath: string | null;
  /** Home realm discovery's own address; null = the passive endpoint itself. */
  readonly homeRealmPath: string | null;
  /** The method when the request leaves it to AD FS: 2.x goes by the order of localAuthenticationTypes, which begins with Integrated. */
  readonly methodUnlessAsked: 'windows' | 'forms';
  /** Adds `client-request-id` to its addresses. */
  readonly addsRequestId: boolean;
  /** Has `/adfs/probe` for load balancers. */
  readonly hasProbe: boolean;
  readonly iis: IisHeaders | null;
}

const fromHttpSys: GenerationHabits = {
  windowsPath: '/adfs/ls/wia',
  formPath: null,
  homeRealmPath: null,
  methodUnlessAsked: 'forms',
  addsRequestId: true,
  hasProbe: true,
  iis: null,
};

const fromIis = (iis: IisHeaders): GenerationHabits => ({
  windowsPath: '/adfs/ls/auth/integrated/',
  formPath: '/adfs/ls/FormsSignIn.aspx',
  homeRealmPath: '/adfs/ls/HomeRealmDiscovery.aspx',
  methodUnlessAsked: 'windows',
  addsRequestId: false,
  hasProbe: false,
  iis,
});

export const habitsOf: Readonly<Record<AdfsGeneration, GenerationHabits>> = {
  '2.0': fromIis({ server: 'Microsoft-IIS/7.5', aspNetVersion: '2.0.50727' }),
  '2.1': fromIis({ server: 'Microsoft-IIS/8.0', aspNetVersion: '4.0.30319' }),
  '3.0': fromHttpSys,
  '2016': fromHttpSys,
  '2019': fromHttpSys,
  '2022': fromHttpSys,
};
