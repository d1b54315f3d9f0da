/** The words of a repair's record, once for all renderers. */
import type { Repair, RepairStep, RouteSight, StepState } from '../../contracts/repair';
import type { Verdict } from '../../contracts/words';

/** Marks of a checklist, told apart without colour. */
export const stepMarks: Readonly<Record<StepState, string>> = { open: ' ', seen: '✓', reported: '•', contradicted: '✕', skipped: '–', 'not-needed': '–' };

export const stepLabels: Readonly<Record<StepState, string>> = {
  open: 'to do',
  seen: 'done, seen from here',
  reported: 'done, by the operator’s word',
  contradicted: 'not done, as far as can be seen',
  skipped: 'skipped',
  'not-needed': 'not needed',
};

export const standingLabels: Readonly<Record<'generated' | 'promoted' | 'crmUpdated', string>> = {
  generated: 'New certificate made',
  promoted: 'In use by AD FS',
  crmUpdated: 'Accepted by CRM',
};
export const standingKeys = ['generated', 'promoted', 'crmUpdated'] as const satisfies readonly (keyof RouteSight)[];

export const stateHeadlines: Readonly<Record<Repair['state'], (target: string) => string>> = {
  open: (target) => `The repair of ${target} is under way`,
  healed: (target) => `${target} is repaired: sign-in works over every route`,
  'nothing-to-repair': (target) => `${target}: nothing to repair`,
  'another-cause': (target) => `${target}: another cause, not KB 2686840`,
  exhausted: (target) => `${target}: every round is through, sign-in is still broken`,
  'could-not-tell': (target) => `${target}: could not tell`,
};

export const stateVerdicts: Readonly<Record<Repair['state'], Verdict>> = {
  open: 'broken',
  healed: 'healthy',
  'nothing-to-repair': 'healthy',
  'another-cause': 'broken',
  exhausted: 'broken',
  'could-not-tell': 'unknown',
};

/** The steps of a round. */
export const stepsOf = ({ steps }: Repair, round: number): readonly RepairStep[] => steps.filter((step) => step.round === round);

/** `before any step`, `after round 2`, `a further look` */
export const probingWords = ({ probings }: Repair, index: number): string => {
  const round = probings[index]?.afterRound ?? null;
  return round !== null ? `after round ${round}` : index === 0 ? 'before any step' : 'a further look';
};

/** Without the verdict's word in front, which stands beside it. */
export const summaryWords = ({ summary }: RouteSight): string => summary.replace(/^(at risk|at-risk|broken|unknown|healthy):\s*/i, '');

export const firstUpper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The path of a run's report, when it is one: the record is a file, and files can be tampered with. */
export const reportLink = (path: string): string | null => (/^[\w./-]+$/.test(path) ? path : null);
