/** The story the sample store tells: three STSs with 50 organisations, a rollover at one of them, and what else happens in 90 days. */
import type { MissedBecause, SeriesKey, SlotState } from '../../../contracts/monitoring';
import type { Route } from '../../../contracts/words';

export const slotMs = 5 * 60_000;
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

const names: Readonly<Record<string, readonly string[]>> = {
  contoso: (
    'production acceptance archive claims events field-service finance fleet grants health hr insurance it-desk legal logistics marketing mobile ' +
    'partners payroll pensions projects retail sales service training warehouse'
  ).split(' '),
  fabrikam: 'production acceptance assembly dealers exports field-service quality repairs sales service spare-parts training'.split(' '),
  northwind: 'production acceptance buyers catalogue customers imports orders quality sales shippers suppliers training'.split(' '),
};

export const stsOf = (target: string): string => `https://sts.${target.slice(0, target.indexOf('-'))}.example`;

export const sampleSeries: readonly SeriesKey[] = Object.entries(names).flatMap(([company, organisations]) =>
  organisations
    .map((organisation) => `${company}-${organisation}`)
    .sort()
    .flatMap((target) =>
      (['internal', 'ifd'] as const satisfies readonly Route[]).flatMap((route) => ['dmz', 'hq'].map((location): SeriesKey => ({ target, route, location }))),
    ),
);

export interface Incident {
  readonly touches: (key: SeriesKey) => boolean;
  /** Hours before now; 0 = goes on. */
  readonly from: number;
  readonly to: number;
  readonly state: SlotState;
  readonly cause?: string;
  readonly causeTitle?: string;
  readonly kb?: string;
  readonly summary: string;
  readonly missed?: MissedBecause;
  /** Only each n-th slot. */
  readonly every?: number;
}

const company =
  (name: string) =>
  ({ target }: SeriesKey): boolean =>
    target.startsWith(`${name}-`);
const one =
  (target: string, route?: Route, location?: string) =>
  (key: SeriesKey): boolean =>
    key.target === target && (route === undefined || key.route === route) && (location === undefined || key.location === location);

/** The first that touches a slot tells its state. */
export const incidents: readonly Incident[] = [
  {
    touches: company('fabrikam'),
    from: 3.35,
    to: 0,
    state: 'broken',
    cause: 'adfs-signing-cert-rolled',
    causeTitle: 'AD FS signs with a new certificate; CRM still trusts the old one',
    kb: '2686840',
    summary: 'broken: AD FS signs with a new certificate; CRM still trusts the old one (KB 2686840, confirmed)',
  },
  {
    touches: company('fabrikam'),
    from: 5 * 24 + 3.35,
    to: 3.35,
    state: 'at-risk',
    cause: 'adfs-signing-cert-secondary-pending',
    causeTitle: 'A new AD FS signing certificate waits; when AD FS promotes it, CRM will refuse every sign-in',
    kb: '2686840',
    summary: 'at risk: a new AD FS signing certificate waits to be promoted',
  },
  {
    touches: company('northwind'),
    from: 26,
    to: 0,
    state: 'at-risk',
    cause: 'adfs-signing-cert-secondary-pending',
    causeTitle: 'A new AD FS signing certificate waits; when AD FS promotes it, CRM will refuse every sign-in',
    kb: '2686840',
    summary: 'at risk: a new AD FS signing certificate waits to be promoted; sign-in breaks in 4 days',
  },
  { touches: one('contoso-hr', 'ifd', 'dmz'), from: 0.9, to: 0, state: 'missed', missed: 'no-agent', summary: 'No agent was there to work for its location.' },
  {
    touches: ({ location }) => location === 'dmz',
    from: 51,
    to: 49,
    state: 'missed',
    missed: 'agent-gone',
    summary: 'The agent that had begun it stopped answering.',
  },
  { touches: () => true, from: 8.2, to: 7.9, state: 'missed', missed: 'machine-asleep', summary: 'The machine slept or stood still.' },
  {
    touches: one('contoso-legal', 'internal'),
    from: 80,
    to: 0,
    every: 7,
    state: 'flaky',
    cause: 'wap-congestion-or-adfs-slow',
    causeTitle: 'AD FS answers too slowly',
    summary: 'flaky: broken first (no answer from AD FS within 30 s), healthy when repeated',
  },
  { touches: one('contoso-it-desk', 'ifd', 'hq'), from: 0.5, to: 0, state: 'unknown', summary: 'unknown: the browser ended unexpectedly' },
  {
    touches: one('contoso-finance'),
    from: 9 * 24,
    to: 9 * 24 - 5,
    state: 'broken',
    cause: 'wrong-password',
    causeTitle: 'AD FS refuses the password of the probe’s account',
    summary: 'broken: AD FS refuses the password of the probe’s account (confirmed)',
  },
  {
    touches: (key) => company('contoso')(key) && key.route === 'ifd',
    from: 33 * 24,
    to: 33 * 24 - 2.5,
    state: 'broken',
    cause: 'tls-cert-expired',
    causeTitle: 'A TLS certificate has ended',
    summary: 'broken: the TLS certificate of auth.contoso.example has ended (confirmed)',
  },
  { touches: company('contoso'), from: 14 * 24 + 4, to: 14 * 24, state: 'maintenance', summary: 'Patch night' },
  {
    touches: company('northwind'),
    from: 58 * 24,
    to: 57.5 * 24,
    state: 'broken',
    cause: 'crm-app-pool-down',
    causeTitle: 'CRM’s application pool is down',
    summary: 'broken: CRM answers 503 (confirmed)',
  },
];

/** A number from 0 to 1 that belongs to these values for good. */
export function chance(...values: readonly (string | number)[]): number {
  let hash = 2166136261;
  for (const character of values.join('|')) hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0x5bd1e995);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

/** Starts are spread over the five minutes. */
export const offsetMs = (index: number): number => Math.floor(chance('offset', index) * (slotMs / 1000)) * 1000;
