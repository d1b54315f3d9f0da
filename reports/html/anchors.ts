/** Places within the report that can be linked to; a reference without its place becomes plain text, never a dead link. */
import type { Report, Result } from '../../contracts/report';

const slug = (value: string): string =>
  value
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'x';

export interface Anchors {
  /** `contoso` */
  readonly ofTarget: (target: string) => string;
  /** `contoso-internal`, the prefix of everything that belongs to one result. */
  readonly ofResult: (result: Result) => string;
  /** `contoso-internal-exchange-7` for `exchange:7`, or null where the report has no such place. */
  readonly ofReference: (result: Result, reference: string) => string | null;
}

/** The id of a host's row: `${prefix}-clock-sts-contoso-com`. */
export const hostAnchor = (prefix: string, kind: 'clock' | 'tls' | 'dns', host: string): string => `${prefix}-${kind}-${slug(host)}`;

export const certificateAnchor = (targetPrefix: string, sha1: string): string => `${targetPrefix}-certificate-${slug(sha1)}`;

const unique = (names: readonly string[]): string[] => {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}-${count}`;
  });
};

export const anchorsOf = (report: Report): Anchors => {
  const targets = [...new Set(report.results.map((result) => result.target))];
  const targetSlugs = unique(targets.map(slug));
  const ofTarget = (target: string): string => targetSlugs[targets.indexOf(target)] ?? slug(target);
  const resultSlugs = unique(report.results.map((result) => `${ofTarget(result.target)}-${slug(result.route)}`));
  const ofResult = (result: Result): string => resultSlugs[report.results.indexOf(result)] ?? slug(result.route);

  const ofReference = (result: Result, reference: string): string | null => {
    const prefix = ofResult(result);
    const [kind = '', ...rest] = reference.split(':');
    const value = rest.join(':');
    const siblings = report.results.filter((other) => other.target === result.target);
    const certificates = siblings.flatMap((other) => other.certificates);
    const there: Readonly<Record<string, () => boolean>> = {
      exchange: () => result.exchange.some(({ seq }) => String(seq) === value),
      page: () => result.pages.some(({ n }) => String(n) === value),
      certificate: () => certificates.some(({ sha1 }) => sha1 === value),
      clock: () => result.clocks.some(({ host }) => host === value),
      tls: () => result.tls.some(({ host }) => host === value),
      dns: () => result.dns.some(({ host }) => host === value),
      token: () => result.token !== null,
      'server-event': () => result.serverEvents.some(({ n }) => String(n) === value),
      'last-good': () => result.lastGood !== null,
      metadata: () => certificates.length > 0,
    };
    if (!Object.hasOwn(there, kind) || !there[kind]?.()) return null;
    if (kind === 'certificate') return certificateAnchor(ofTarget(result.target), value);
    if (kind === 'metadata') return `${ofTarget(result.target)}-certificates`;
    if (kind === 'clock' || kind === 'tls' || kind === 'dns') return hostAnchor(prefix, kind, value);
    return kind === 'token' || kind === 'last-good' ? `${prefix}-${kind}` : `${prefix}-${kind}-${value}`;
  };
  return { ofTarget, ofResult, ofReference };
};
