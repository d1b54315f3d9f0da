import type { RolloverProperties } from '../../../lab/adfs/certificate-store';
import type { RolloverSettings } from '../../forecast';

/** What an operator does, by name; see `operations` in lab-year.ts. */
export type Operation =
  | 'repair CRM'
  | 'configure CRM anew'
  | 'Update-AdfsCertificate'
  | 'Update-AdfsCertificate -Urgent'
  | 'promote by hand'
  | 'renew by hand'
  | 'CertificateDuration 730'
  | 'renew CRM encryption';

interface PlannedOperation {
  readonly what: Operation;
  /** Days from the first day observed, or hours after something happens, each time. */
  readonly when: { readonly day: number } | { readonly after: 'generated' | 'promoted' | 'broken'; readonly hours: number };
}

export interface YearScenario {
  readonly name: string;
  readonly seed: number;
  /** AD FS's properties; the defaults unless given. */
  readonly properties?: Partial<RolloverProperties>;
  /** Thresholds the probe is told; those of AD FS unless given. */
  readonly told?: Partial<RolloverSettings>;
  /** How many days the signing certificate was in use on the first day. */
  readonly ageDays?: number;
  /** AD FS restarts, on random days; each moves the 720-minute cycle. */
  readonly restarts?: number;
  /** CRM's encryption certificate ends on this day. */
  readonly crmEncryptionEndsOnDay?: number;
  /** No sign-in is ever made: there is no last good state. */
  readonly noHistory?: boolean;
  readonly operations?: readonly PlannedOperation[];
  /** Why no forecast can meet the goal here: it is shown and not counted. */
  readonly unknowable?: string;
}

const repairAfterBreak = (hours: number): PlannedOperation => ({ what: 'repair CRM', when: { after: 'broken', hours } });

/** Four hundred days each. */
export const scenarios: readonly YearScenario[] = [
  { name: 'defaults, CRM updated the same day', seed: 1, operations: [repairAfterBreak(5)] },
  { name: 'defaults, CRM updated 3 days late', seed: 2, operations: [repairAfterBreak(72)] },
  { name: 'defaults, CRM never updated', seed: 3 },
  {
    name: 'CRM updated early, before promotion',
    seed: 4,
    operations: [{ what: 'configure CRM anew', when: { after: 'generated', hours: 70 } }, repairAfterBreak(8)],
  },
  {
    name: 'promoted by hand in a window, CRM at once',
    seed: 5,
    operations: [
      { what: 'promote by hand', when: { after: 'generated', hours: 50 } },
      { what: 'repair CRM', when: { after: 'promoted', hours: 1 } },
    ],
  },
  { name: 'Update-AdfsCertificate on day 60', seed: 6, operations: [{ what: 'Update-AdfsCertificate', when: { day: 60.4 } }, repairAfterBreak(2)] },
  {
    name: '-Urgent on day 120, CRM updated after 6 h',
    seed: 7,
    operations: [{ what: 'Update-AdfsCertificate -Urgent', when: { day: 120.6 } }, repairAfterBreak(6)],
  },
  { name: '-Urgent on day 120, CRM never updated', seed: 8, operations: [{ what: 'Update-AdfsCertificate -Urgent', when: { day: 120.6 } }] },
  { name: 'AD FS restarted 40 times', seed: 9, restarts: 40, operations: [repairAfterBreak(5)] },
  {
    name: 'thresholds 30/10/2',
    seed: 10,
    properties: { certificateGenerationThreshold: 30, certificatePromotionThreshold: 10 },
    operations: [repairAfterBreak(5)],
  },
  {
    name: 'thresholds 60/45/10, 40 restarts',
    seed: 11,
    restarts: 40,
    properties: { certificateGenerationThreshold: 60, certificatePromotionThreshold: 45, certificateCriticalThreshold: 10 },
    operations: [repairAfterBreak(5)],
  },
  { name: 'thresholds 4/5/2: critical comes first', seed: 12, properties: { certificateGenerationThreshold: 4 }, operations: [repairAfterBreak(5)] },
  { name: 'thresholds 1/5/2: no secondary ever', seed: 13, properties: { certificateGenerationThreshold: 1 }, operations: [repairAfterBreak(5)] },
  { name: 'CertificateDuration 1095', seed: 14, ageDays: 900, properties: { certificateDuration: 1095 }, operations: [repairAfterBreak(5)] },
  { name: 'CertificateDuration 90', seed: 15, ageDays: 10, properties: { certificateDuration: 90 }, operations: [repairAfterBreak(5)] },
  { name: 'CertificateDuration 365 → 730 on day 30', seed: 16, operations: [{ what: 'CertificateDuration 730', when: { day: 30 } }, repairAfterBreak(5)] },
  {
    name: 'rollover off (told), renewed after the end',
    seed: 17,
    properties: { autoCertificateRollover: false },
    told: { automatic: false },
    operations: [
      { what: 'renew by hand', when: { after: 'broken', hours: 20 } },
      { what: 'repair CRM', when: { after: 'broken', hours: 21 } },
    ],
  },
  {
    name: 'rollover off (told), never renewed',
    seed: 18,
    properties: { autoCertificateRollover: false },
    told: { automatic: false },
  },
  {
    name: 'CRM encryption certificate ends on day 180',
    seed: 19,
    crmEncryptionEndsOnDay: 180.3,
    operations: [{ what: 'renew CRM encryption', when: { after: 'broken', hours: 30 } }, repairAfterBreak(31)],
  },
  {
    name: 'no sign-in ever made (no history)',
    seed: 20,
    noHistory: true,
    operations: [repairAfterBreak(5)],
    unknowable: 'without a last good sign-in nobody can see that CRM has followed',
  },
  {
    name: 'thresholds 30/10/2, probe not told',
    seed: 21,
    properties: { certificateGenerationThreshold: 30, certificatePromotionThreshold: 10 },
    told: { generationDays: 20, promotionDays: 5, criticalDays: 2 },
    operations: [repairAfterBreak(5)],
    unknowable: 'AD FS publishes no thresholds',
  },
  {
    name: 'rollover off, probe not told',
    seed: 22,
    properties: { autoCertificateRollover: false },
    unknowable: 'AD FS does not publish that rollover is off',
  },
];
