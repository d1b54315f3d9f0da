import type { CrmUser, Organization } from '../crm-types';

/** What both shells show. */
export interface ShellContent {
  readonly user: CrmUser;
  readonly organization: Organization;
  /** `/Contoso` on the internal address, nothing on the IFD one. */
  readonly root: string;
}

/** Open opportunities of the sample data, for something to look at. */
export const opportunities = [
  ['Café BG-1 espresso machines', 'Fourth Coffee', '$28,000', 'Propose', 70],
  ['Warehouse handhelds', 'Litware, Inc.', '$61,500', 'Develop', 45],
  ['Service contract renewal', 'Adventure Works', '$18,250', 'Close', 90],
  ['Office fit-out', 'City Power & Light', '$112,000', 'Qualify', 20],
  ['Fleet telemetry', 'Blue Yonder Airlines', '$74,300', 'Develop', 50],
] as const;
