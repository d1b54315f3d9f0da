/** What `baseline save` and `baseline list` print. */
import type { Baseline } from '../contracts/baseline';
import { withoutEscapes } from './terminal';
import { routeLabels, verdictLabels, verdictSymbols } from './words/labels';
import { minuteText } from './words/time';

const routeLine = ({ target, route, verdict }: Baseline['states'][number]): string =>
  `${verdictSymbols[verdict]} ${withoutEscapes(target)}, ${routeLabels[route]}: ${verdictLabels[verdict].toLowerCase()}`;

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** What was kept, so that the reader sees what a comparison will look at. */
export const renderBaselineSaved = (baseline: Baseline, file: string): string =>
  `${[
    `Saved: ${withoutEscapes(file)}`,
    ...baseline.states.map((state) => `  ${routeLine(state)}`),
    ...keptLines(baseline),
    ...(baseline.states.some(({ varies }) => varies.length > 0)
      ? [
          '  differs from one sign-in to the next, and will not be compared:',
          ...baseline.states.flatMap(({ route, varies }) => varies.map((id) => `    ${routeLabels[route]}: ${withoutEscapes(id)}`)),
        ]
      : []),
  ].join('\n')}\n`;

/** The parts of the state, counted. */
export const keptLines = ({ states, runs }: Baseline): string[] => {
  const distinct = (values: readonly string[]): number => new Set(values).size;
  return [
    `  ${counted(runs.length, 'sign-in')} per route, ${counted(Math.max(...states.map(({ exchange }) => exchange.length), 0), 'exchange')}, ` +
      `${counted(distinct(states.flatMap(({ cookies }) => cookies.map(({ host, name }) => `${host} ${name}`))), 'cookie')} (names and flags)`,
    `  ${counted(distinct(states.flatMap(({ certificates }) => certificates.map(({ sha1 }) => sha1))), 'certificate')}, ` +
      `${counted(distinct(states.flatMap(({ tls }) => tls.map(({ host }) => host))), 'host')} with TLS and DNS, metadata of ${metadataOf(states)}, ` +
      counted(distinct(states.flatMap(({ clocks }) => clocks.map(({ host }) => host))), 'clock'),
  ];
};

const metadataOf = (states: Baseline['states']): string => {
  const [sts, crm] = [states.some(({ stsMetadata }) => stsMetadata?.ok), states.some(({ crmMetadata }) => crmMetadata?.ok)];
  return sts && crm ? 'both sides' : sts ? 'AD FS only' : crm ? 'CRM only' : 'neither side';
};

const listEntry = ({ name, savedAt, runs, label, states }: Baseline): string =>
  [
    `${withoutEscapes(name ?? '')}  ${minuteText(savedAt)}, ${counted(runs.length, 'sign-in')}${label ? `, ${withoutEscapes(label)}` : ''}`,
    ...states.map((state) => `  ${routeLine(state)}`),
  ].join('\n');

export const renderBaselineList = (baselines: readonly Baseline[], folder: string): string =>
  baselines.length === 0
    ? `No baseline is kept in ${withoutEscapes(folder)}. Make one with: signin-probe baseline save NAME\n`
    : `${baselines.map(listEntry).join('\n')}\n`;
