/** The configuration as `watch` and `agent` need it: every default filled in. */
import { dirname, join, resolve } from 'node:path';
import type { MaintenanceFile } from '../../contracts/monitor-config';
import type { SeriesKey } from '../../contracts/monitoring';
import type { ConfigFile, Target, TargetFile } from '../../contracts/target';
import { ProbeFault } from '../../contracts/probe-fault';
import { type ConfigProblem, readConfig, type ReadConfig } from '../../config/read-config';
import { loadTargets } from '../../config/targets';
import { cronProblem, readSchedule, type Schedule } from './schedule';

export interface PlannedSeries extends SeriesKey {
  readonly schedule: Schedule;
}

/** Maintenance with the targets it is for (null = all). */
export type MaintenanceRule = MaintenanceFile & { readonly appliesTo: readonly string[] | null; readonly zone: string };

export interface MonitorSettings {
  readonly configFile: string;
  readonly configFolder: string;
  readonly config: ConfigFile;
  readonly targets: readonly Target[];
  readonly browser: string | null;
  /** Where this `watch` works itself. */
  readonly location: string;
  readonly series: readonly PlannedSeries[];
  readonly maintenance: readonly MaintenanceRule[];
  /** A secret reference, or a folder. */
  readonly store: { readonly database: string } | { readonly folder: string };
  /** null = by cores and memory. */
  readonly concurrency: number | null;
  readonly confirmAfterMs: number;
  readonly keep: { readonly healthyDays: number; readonly otherDays: number; readonly slotDays: number };
}

/** "1 target, 3 sign-ins": what is watched, each route from each place counted. */
export function watchedText({ series }: Pick<MonitorSettings, 'series'>): string {
  const targets = new Set(series.map(({ target }) => target)).size;
  const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
  return `${counted(targets, 'target')}, ${counted(series.length, 'sign-in')}`;
}

/** Reads the configuration for monitoring. Throws one ProbeFault with every problem in it, each as `file:line: where: expected, found`. */
export function readMonitorSettings(configFile: string): MonitorSettings {
  const loaded = loadTargets(configFile);
  if (!loaded.ok) throw new ProbeFault(loaded.problems.map(({ text }) => text).join('\n'));
  const read = readConfig(configFile);
  if (!read.ok) throw new ProbeFault(read.problems.map(({ text }) => text).join('\n'));
  const { config } = read;
  const problems: ConfigProblem[] = [];
  const folder = dirname(resolve(configFile));
  const location = config.monitor?.location ?? 'local';
  const series = config.targets.flatMap((target, index) => seriesOf(target, index, read, location, problems));
  const maintenance = maintenanceOf(read, problems);
  if (problems.length > 0) throw new ProbeFault(problems.map(({ text }) => text).join('\n'));
  return {
    configFile: resolve(configFile),
    configFolder: folder,
    config,
    targets: loaded.targets,
    browser: loaded.browser,
    location,
    series,
    maintenance,
    store: storeOf(config, folder),
    concurrency: config.monitor?.concurrency ?? null,
    confirmAfterMs: (config.monitor?.confirmAfterSeconds ?? 5) * 1000,
    keep: {
      healthyDays: config.monitor?.keep?.healthyDays ?? 14,
      otherDays: config.monitor?.keep?.otherDays ?? 90,
      slotDays: config.monitor?.keep?.slotDays ?? 400,
    },
  };
}

const zoneOf = ({ monitor }: ConfigFile): string => monitor?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

function seriesOf(target: TargetFile, index: number, { config, problemAt }: ReadConfig, location: string, problems: ConfigProblem[]): PlannedSeries[] {
  const own = target.schedule !== undefined;
  const schedule = readSchedule(target.schedule ?? config.monitor?.schedule ?? 'every 5m', zoneOf(config));
  if ('why' in schedule) {
    // A wrong default is one problem, not one per target.
    if (own || index === 0) problems.push(problemAt(own ? ['targets', index, 'schedule'] : ['monitor', 'schedule'], `${schedule.why}.`));
    return [];
  }
  return (['internal', 'ifd'] as const).flatMap((route) => {
    if (!target[route]) return [];
    const locations = target[route].locations ?? target.locations ?? [location];
    return [...new Set(locations)].map((each) => ({ target: target.name, route, location: each, schedule }));
  });
}

function maintenanceOf({ config, problemAt }: ReadConfig, problems: ConfigProblem[]): MaintenanceRule[] {
  const zone = zoneOf(config);
  const names = config.targets.map(({ name }) => name);
  const check = (path: readonly PropertyKey[], rule: MaintenanceFile, of: string | null): MaintenanceRule => {
    if ('cron' in rule) {
      const why = cronProblem(rule.cron, rule.timezone ?? zone);
      if (why !== null) problems.push(problemAt([...path, 'cron'], `${why}.`));
    } else if (Date.parse(rule.from) >= Date.parse(rule.to))
      problems.push(problemAt([...path, 'to'], `expected an instant after \`from\` (${rule.from}), found ${rule.to}.`));
    for (const name of rule.targets ?? [])
      if (!names.includes(name)) problems.push(problemAt([...path, 'targets'], `expected names of targets (${names.join(', ')}), found "${name}".`));
    return { ...rule, appliesTo: of === null ? (rule.targets ?? null) : [of], zone: ('cron' in rule ? rule.timezone : undefined) ?? zone };
  };
  return [
    ...(config.monitor?.maintenance ?? []).map((rule, index) => check(['monitor', 'maintenance', index], rule, null)),
    ...config.targets.flatMap((target, at) => (target.maintenance ?? []).map((rule, index) => check(['targets', at, 'maintenance', index], rule, target.name))),
  ];
}

function storeOf({ monitor }: ConfigFile, folder: string): MonitorSettings['store'] {
  const store = monitor?.store;
  if (!store) return { folder: join(folder, '.signin-probe', 'store') };
  if ('folder' in store) return { folder: resolve(folder, store.folder) };
  return { database: store.database.startsWith('file:') ? `file:${resolve(folder, store.database.slice('file:'.length))}` : store.database };
}
