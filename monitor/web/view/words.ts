/** The words of the web page. Every state has a word and a shape of its own, never a colour alone. */
import type { AlertEvent, AlertRecord, AttemptReason, LeftHow, MissedBecause, SeriesKey, SlotState, SlotVerdict, Window } from '../../../contracts/monitoring';
import { routeLabels, verdictLabels, verdictSymbols } from '../../../reports/words/labels';

export const slotVerdictLabels: Readonly<Record<SlotVerdict, string>> = { ...verdictLabels, flaky: 'Flaky' };
export const slotVerdictSymbols: Readonly<Record<SlotVerdict, string>> = { ...verdictSymbols, flaky: '~' };

export const slotStateLabels: Readonly<Record<SlotState, string>> = {
  ...slotVerdictLabels,
  planned: 'Planned',
  running: 'Running',
  missed: 'Missed',
  maintenance: 'Maintenance',
  withdrawn: 'Withdrawn',
};
export const slotStateSymbols: Readonly<Record<SlotState, string>> = {
  ...slotVerdictSymbols,
  planned: '·',
  running: '…',
  missed: '–',
  maintenance: '‖',
  withdrawn: '×',
};

export const missedLabels: Readonly<Record<MissedBecause, string>> = {
  overloaded: 'overloaded',
  'no-agent': 'no agent',
  'agent-gone': 'agent gone',
  'machine-asleep': 'machine asleep',
  'not-running': 'watch not running',
  'store-down': 'store down',
};
export const missedSentences: Readonly<Record<MissedBecause, string>> = {
  overloaded: 'Every worker of its location was busy until the next slot was due.',
  'no-agent': 'No agent was there to work for its location.',
  'agent-gone': 'The agent that had begun it stopped answering, and it was too late for another attempt.',
  'machine-asleep': 'The machine slept or stood still.',
  'not-running': 'No watch was running (stopped, crashed, or without power).',
  'store-down': 'The database did not answer.',
};

export const attemptReasonLabels: Readonly<Record<AttemptReason, string>> = {
  first: 'first',
  confirming: 'confirming a broken one',
  again: 'again, the one before was lost',
};

export const alertEventLabels: Readonly<Record<AlertEvent, string>> = {
  opened: 'opened',
  worsened: 'worsened',
  'cause-changed': 'cause changed',
  'partly-recovered': 'partly recovered',
  recovered: 'recovered',
  closed: 'closed',
  reminder: 'reminder',
  forecast: 'forecast',
  acknowledged: 'acknowledged',
  test: 'test',
};
/** How an alert ended, as a word. */
export const alertEndWord = ({ kind, state }: Pick<AlertRecord, 'kind' | 'state'>): string =>
  ({ open: 'open', recovered: kind === 'forecast' ? 'averted' : 'recovered', happened: 'happened', moved: 'in another alert', removed: 'no longer monitored' })[
    state
  ];

/** What became of a sign-in that an alert had touched. */
export const leftLabels: Readonly<Record<LeftHow, string>> = {
  recovered: 'recovered',
  happened: 'broken as foretold',
  moved: 'in another alert',
  removed: 'no longer monitored',
  unseen: 'not seen any more from there',
};
export const severityLabels: Readonly<Record<AlertRecord['severity'], string>> = { info: 'Info', warning: 'Warning', critical: 'Critical' };
export const alertKindLabels: Readonly<Record<AlertRecord['kind'], string>> = {
  verdict: 'Sign-in',
  forecast: 'Forecast',
  coverage: 'Coverage',
  account: 'Account',
};
export const windowLabels: Readonly<Record<Window['kind'], string>> = { maintenance: 'Maintenance', change: 'Announced change' };

/** `contoso, Internal claims, hq` */
export const seriesText = ({ target, route, location }: SeriesKey): string => `${target}, ${routeLabels[route]}, ${location}`;

/** `1 target`, `12 targets` */
export const counted = (count: number, word: string): string => `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;

/** `https://sts.contoso.com` → `sts.contoso.com` */
export const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).host : origin);

/** `99.8 %`; whole only where it is exact, so that 99.97 % never reads as 100 %. */
export const percentText = (share: number): string => {
  if (share >= 1) return '100 %';
  const rounded = Math.floor(share * 1000) / 10;
  return `${rounded.toFixed(1)} %`;
};
