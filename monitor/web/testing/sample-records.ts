/** Certificates, forecasts, alerts and announced work of the sample store. */
import type { AlertRecord, CertificateRecord, Delivery, SeriesKey, Window } from '../../../contracts/monitoring';
import type { Forecast } from '../../../contracts/report';
import { dayMs, hourMs, incidents, sampleSeries, stsOf } from './sample-plan';
import { iso } from './sample-slots';

const print = (text: string): string =>
  [...text]
    .reduce((digits, character, index) => digits + ((character.charCodeAt(0) * 31 + index * 17) % 256).toString(16).padStart(2, '0'), '')
    .padEnd(64, '5c9e07b1')
    .toUpperCase();

export function sampleCertificates(now: number): CertificateRecord[] {
  const certificate = (
    role: CertificateRecord['role'],
    host: string,
    sts: string,
    from: number,
    to: number,
    primary: boolean | null,
    touches: (key: SeriesKey) => boolean,
    firstSeen = -80,
    current = true,
  ): CertificateRecord => {
    const digits = print(`${role}${host}${to}`);
    return {
      role,
      host,
      sts,
      sha1: digits.slice(0, 40),
      sha256: digits.slice(0, 64),
      subject: role === 'sts-signing' ? `CN=ADFS Signing - ${host}` : role === 'sts-encryption' ? `CN=ADFS Encryption - ${host}` : `CN=${host}`,
      notBefore: iso(now + from * dayMs),
      notAfter: iso(now + to * dayMs),
      primary,
      seenBy: sampleSeries.filter(touches),
      firstSeen: iso(now + firstSeen * dayMs),
      lastSeen: iso(current ? now : now - 3.4 * hourMs),
      current,
    };
  };
  return ['contoso', 'fabrikam', 'northwind'].flatMap((company, index) => {
    const sts = `https://sts.${company}.example`;
    const host = `sts.${company}.example`;
    const own = ({ target }: SeriesKey): boolean => target.startsWith(`${company}-`);
    const rolled = company === 'fabrikam';
    return [
      ...(rolled
        ? [certificate('sts-signing', host, sts, -364.9, 0.6, false, own, -80), certificate('sts-signing', host, sts, -5.14, 359.9, true, own, -5.14)]
        : company === 'northwind'
          ? [certificate('sts-signing', host, sts, -346, 19, true, own), certificate('sts-signing', host, sts, -1.1, 364, false, own, -1.1)]
          : [certificate('sts-signing', host, sts, -132, 232, true, own)]),
      certificate('sts-encryption', host, sts, -132 + index * 40, 232 - index * 40, null, own),
      certificate('crm-encryption', `auth.${company}.example`, sts, -300, 65 + index * 100, null, own),
      certificate('tls', host, sts, -340, [25, 96, 180][index] ?? 100, null, own),
      certificate('tls', `*.${company}.example`, sts, -33 + index, 331 - index * 30, null, own, -33),
      certificate('tls', `internalcrm.${company}.example`, sts, -200, 11 + index * 70, null, (key) => own(key) && key.route === 'internal'),
    ];
  });
}

export function sampleWindows(now: number): Window[] {
  return [
    {
      id: 'patch-night',
      kind: 'maintenance',
      targets: [...new Set(sampleSeries.filter(({ target }) => target.startsWith('contoso-')).map(({ target }) => target))],
      from: iso(now - 14 * dayMs - 4 * hourMs),
      to: iso(now - 14 * dayMs),
      text: 'Patch night',
      by: null,
    },
    {
      id: 'upgrade',
      kind: 'change',
      targets: null,
      from: iso(now - 30 * hourMs),
      to: iso(now - 27 * hourMs),
      text: 'Load balancer moved to the new rack (CHG-4711)',
      by: 'ivan',
    },
    {
      id: 'next',
      kind: 'change',
      targets: ['northwind-production'],
      from: iso(now + 3 * dayMs),
      to: iso(now + 3 * dayMs + 2 * hourMs),
      text: 'Roll the AD FS signing certificate over, then repair CRM (CHG-4720)',
      by: 'ivan',
    },
  ];
}

export function sampleAlerts(now: number): { alerts: AlertRecord[]; deliveries: Delivery[] } {
  const members = (company: string, hours: number): AlertRecord['members'] =>
    sampleSeries.filter(({ target }) => target.startsWith(`${company}-`)).map((key) => ({ ...key, since: iso(now - hours * hourMs), runId: null }));
  const id = (n: number): string => `a1e47000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
  const rolled = incidents[0]!;
  const base = { breaksAt: null, recoveredAt: null, acknowledgedBy: null, acknowledgedAt: null, kb: null, cause: null, verdict: null, sts: null };
  const alerts: AlertRecord[] = [
    {
      ...base,
      id: id(1),
      key: 'cause:adfs-signing-cert-rolled:https://sts.fabrikam.example',
      kind: 'verdict',
      state: 'open',
      severity: 'critical',
      title: rolled.causeTitle ?? '',
      verdict: 'broken',
      cause: rolled.cause ?? null,
      kb: '2686840',
      sts: stsOf('fabrikam-sales'),
      // One of them is repaired already.
      members: members('fabrikam', 3.35).map((member, index) =>
        index === 0 ? { ...member, left: { at: iso(now - 0.4 * hourMs), how: 'recovered' as const } } : member,
      ),
      openedAt: iso(now - 3.2 * hourMs),
      changedAt: iso(now - 3.2 * hourMs),
      lastNotifiedAt: iso(now - 1.2 * hourMs),
    },
    {
      ...base,
      id: id(2),
      key: 'forecast:https://sts.northwind.example',
      kind: 'forecast',
      state: 'open',
      severity: 'warning',
      title: 'Sign-in will break in 4 days: AD FS promotes its next signing certificate',
      verdict: 'at-risk',
      cause: 'adfs-signing-cert-secondary-pending',
      kb: '2686840',
      sts: stsOf('northwind-sales'),
      breaksAt: iso(now + 4 * dayMs + 2 * hourMs),
      members: members('northwind', 26),
      openedAt: iso(now - 26 * hourMs),
      changedAt: iso(now - 2 * hourMs),
      lastNotifiedAt: iso(now - 2 * hourMs),
      acknowledgedBy: 'ivan',
      acknowledgedAt: iso(now - 20 * hourMs),
    },
    {
      ...base,
      id: id(3),
      key: 'coverage:contoso-hr',
      kind: 'coverage',
      state: 'open',
      severity: 'warning',
      title: 'contoso-hr, IFD, dmz is not probed: no agent',
      members: members('contoso', 0.9).filter(({ target, route, location }) => target === 'contoso-hr' && route === 'ifd' && location === 'dmz'),
      openedAt: iso(now - 0.7 * hourMs),
      changedAt: iso(now - 0.7 * hourMs),
      lastNotifiedAt: iso(now - 0.7 * hourMs),
    },
    {
      ...base,
      id: id(4),
      key: 'cause:wrong-password:contoso-finance',
      kind: 'verdict',
      state: 'recovered',
      severity: 'critical',
      title: 'AD FS refuses the password of the probe’s account',
      verdict: 'broken',
      cause: 'wrong-password',
      sts: stsOf('contoso-finance'),
      members: members('contoso', 216)
        .filter(({ target }) => target === 'contoso-finance')
        .map((member) => ({ ...member, left: { at: iso(now - 211 * hourMs), how: 'recovered' as const } })),
      openedAt: iso(now - 215.8 * hourMs),
      changedAt: iso(now - 211 * hourMs),
      recoveredAt: iso(now - 211 * hourMs),
      lastNotifiedAt: iso(now - 211 * hourMs),
    },
  ];
  const delivery = (n: number, alert: number, event: Delivery['event'], channel: string, hours: number, over: Partial<Delivery> = {}): Delivery => ({
    id: `de110000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
    alertId: id(alert),
    event,
    channel,
    payload: {},
    state: 'sent',
    attempts: 1,
    createdAt: iso(now - hours * hourMs),
    nextAttemptAt: iso(now - hours * hourMs),
    sentAt: iso(now - hours * hourMs + 1200),
    lastError: null,
    ...over,
  });
  return {
    alerts,
    deliveries: [
      delivery(1, 1, 'opened', 'mail', 3.2),
      delivery(2, 1, 'opened', 'teams', 3.2, { attempts: 3, lastError: 'HTTP 503' }),
      delivery(3, 1, 'reminder', 'mail', 1.2),
      delivery(4, 1, 'reminder', 'pager', 1.2, { state: 'pending', attempts: 4, sentAt: null, lastError: 'connect ECONNREFUSED 127.0.0.1:9' }),
      delivery(5, 2, 'forecast', 'mail', 26),
    ],
  };
}

export function sampleForecast(target: string, now: number): Forecast {
  if (target.startsWith('fabrikam')) return { state: 'promoted', breaksAt: null, toleranceHours: 12, why: 'AD FS already signs with the new certificate.' };
  if (target.startsWith('northwind'))
    return {
      state: 'window-open',
      breaksAt: iso(now + 4 * dayMs + 2 * hourMs),
      toleranceHours: 12,
      event: 'promotion',
      why: 'The new certificate was made yesterday; AD FS promotes it by itself 5 days later.',
    };
  return {
    state: 'steady',
    breaksAt: iso(now + 212 * dayMs),
    toleranceHours: 12,
    event: 'promotion',
    why: 'AD FS makes its next certificate 20 days before the end of the one in use.',
  };
}
