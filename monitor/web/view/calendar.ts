/** Dates ahead over all STSs: the ends of certificates and the breaks that are foreseen; for the month view and for a calendar file. */
import type { ForecastReport, TargetForecast } from '../../../contracts/forecast';
import type { CertificateRecord, Overview } from '../../../contracts/monitoring';
import type { Expiry } from '../../../contracts/report';
import { certificateRoleLabels } from '../../../reports/words/labels';
import { dayMs } from '../../../reports/words/time';
import { counted, hostOf } from './words';

export interface DateAhead {
  /** ISO. */
  readonly at: string;
  readonly kind: 'break' | 'end';
  /** Whether sign-in breaks with it. */
  readonly tone: 'broken' | 'at-risk' | 'unknown';
  readonly text: string;
  readonly sts: string;
}

/** AD FS renews its own decrypting certificate; CRM does not depend on it. */
const breaksSignIn = ({ role }: Pick<CertificateRecord, 'role'>): boolean => role !== 'sts-encryption';

/** The breaks that are foreseen, each STS once. */
const breaksOf = (
  all: readonly Overview[],
): readonly {
  at: string;
  sts: string;
  why: string;
  event: 'promotion' | 'end' | undefined;
  toleranceHours: number;
  targets: readonly string[];
  state: TargetForecast['forecast']['state'];
}[] => {
  const bySts = new Map<string, Overview[]>();
  for (const series of all) if (series.sts !== null && series.forecast?.breaksAt) bySts.set(series.sts, [...(bySts.get(series.sts) ?? []), series]);
  return [...bySts].flatMap(([sts, series]) => {
    const [first] = [...series].sort((a, b) => ((a.forecast?.breaksAt ?? '') < (b.forecast?.breaksAt ?? '') ? -1 : 1));
    if (!first?.forecast?.breaksAt) return [];
    const { breaksAt, why, event, toleranceHours, state } = first.forecast;
    return [{ at: breaksAt, sts, why, event, toleranceHours, state, targets: [...new Set(series.map(({ target }) => target))] }];
  });
};

/** By date. */
export const datesAhead = (certificates: readonly CertificateRecord[], all: readonly Overview[]): readonly DateAhead[] =>
  [
    ...breaksOf(all).map(({ at, sts, targets }): DateAhead => ({
      at,
      sts,
      kind: 'break',
      tone: 'broken',
      text: `Sign-in breaks: ${hostOf(sts)} (${counted(targets.length, 'target')})`,
    })),
    ...merged(certificates).map(({ notAfter, role, hosts, sts, primary }): DateAhead => ({
      at: notAfter,
      sts,
      kind: 'end',
      tone: breaksSignIn({ role }) ? 'at-risk' : 'unknown',
      text: `${certificateRoleLabels[role]} certificate${primary === false ? ' (not in use)' : ''} ends: ${hosts.join(', ')}`,
    })),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));

export interface MergedRecord extends CertificateRecord {
  readonly hosts: readonly string[];
}

/** A certificate that several hosts show, once. */
export const merged = (certificates: readonly CertificateRecord[]): readonly MergedRecord[] => {
  const byPrint = new Map<string, MergedRecord>();
  for (const certificate of certificates) {
    const key = `${certificate.role} ${certificate.sha256} ${certificate.sts}`;
    const known = byPrint.get(key);
    byPrint.set(key, { ...(known ?? certificate), hosts: [...new Set([...(known?.hosts ?? []), certificate.host])] });
  }
  return [...byPrint.values()];
};

/** A month as weeks of seven days from Monday; null = a day of another month. `month` is YYYY-MM. */
export const weeksOf = (month: string): readonly (readonly (string | null)[])[] => {
  const first = new Date(`${month}-01T00:00:00Z`);
  const lead = (first.getUTCDay() + 6) % 7;
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const cells = [...Array<null>(lead).fill(null), ...Array.from({ length: days }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`)];
  return Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) => Array.from({ length: 7 }, (_, day) => cells[week * 7 + day] ?? null));
};

/** `2026-12` and one to the left or right. */
export const monthBeside = (month: string, by: number): string => {
  const first = new Date(`${month}-01T00:00:00Z`);
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + by, 1)).toISOString().slice(0, 7);
};

const whatOf: Readonly<Record<CertificateRecord['role'], Expiry['what'] | null>> = {
  tls: 'tls',
  'crm-encryption': 'crm-encryption',
  'sts-encryption': 'sts-encryption',
  'sts-signing': null,
};

/** What `forecast --format ics` is made from, one entry per STS: fifty organisations behind one STS are one entry in a calendar. */
export const forecastOf = (
  certificates: readonly CertificateRecord[],
  all: readonly Overview[],
  now: Date,
  tool: string,
  address: string | null,
): ForecastReport => {
  const stses = [...new Set([...certificates.map(({ sts }) => sts), ...all.flatMap(({ sts }) => (sts === null ? [] : [sts]))])].sort();
  const breaks = breaksOf(all);
  const results = stses.map((sts): TargetForecast => {
    const own = certificates.filter((certificate) => certificate.sts === sts);
    const signing = own.filter(({ role }) => role === 'sts-signing');
    const primary = signing.find((certificate) => certificate.primary === true);
    const ahead = breaks.find((one) => one.sts === sts);
    const targets = [...new Set(all.filter((series) => series.sts === sts).map(({ target }) => target))];
    const todo = { text: `Targets: ${targets.join(', ')}.${address === null ? '' : ` ${address}`}`, by: ahead?.at ?? null };
    return {
      target: hostOf(sts),
      sts,
      verdict: 'at-risk',
      summary: ahead?.why ?? '',
      forecast: ahead
        ? { state: ahead.state, breaksAt: ahead.at, toleranceHours: ahead.toleranceHours, ...(ahead.event ? { event: ahead.event } : {}), why: ahead.why }
        : { state: 'steady', breaksAt: null, toleranceHours: 0, why: '' },
      signing: ahead ? { primarySha1: primary?.sha1 ?? sts, successorSha1: signing.find((certificate) => certificate !== primary)?.sha1 ?? null } : null,
      expiries: own.flatMap(({ role, host, notAfter, sha1 }): Expiry[] => {
        const what = whatOf[role];
        if (what === null) return [];
        const daysLeft = Math.floor((Date.parse(notAfter) - now.getTime()) / dayMs);
        return [
          {
            what,
            host,
            notAfter,
            daysLeft,
            breaksSignIn: breaksSignIn({ role }),
            text: `The ${certificateRoleLabels[role]} certificate of ${host} ends.`,
            refs: [`certificate:${sha1}`],
          },
        ];
      }),
      unseen: [],
      todo: ahead ? [todo] : [],
      warnDays: 30,
    };
  });
  return { schema: 1, at: now.toISOString(), tool, verdict: 'at-risk', results };
};
