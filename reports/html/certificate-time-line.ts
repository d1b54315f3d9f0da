/** Certificates over time: one bar each, with now, the last good sign-in and the forecast. Drawn twice, for wide and for narrow screens. */
import type { Result } from '../../contracts/report';
import { earliestBreak } from '../words/headline';
import { certificateRoleLabels } from '../words/labels';
import { shortThumbprint } from '../words/references';
import { dayMs, dayText, instantMs, monthText } from '../words/time';
import { type MergedCertificate, standing } from './certificates';
import { fitText, textWidth } from './drawing-text';
import { markup, type Markup } from './markup';

interface Marker {
  readonly label: string;
  readonly iso: string;
  readonly ms: number;
  readonly colour: string;
  readonly dash: string;
}

interface Scale {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly font: number;
  readonly name: 'wide' | 'narrow';
}

const xOf = (ms: number, { from, to, width }: Scale): number => Math.round((2 + ((ms - from) / (to - from)) * (width - 4)) * 10) / 10;

const markersOf = (results: readonly Result[], now: string): Marker[] => {
  const lastGood =
    results
      .flatMap((result) => (result.lastGood ? [result.lastGood.savedAt] : []))
      .sort()
      .at(-1) ?? null;
  const breaksAt = earliestBreak(results);
  const markers: (Omit<Marker, 'ms'> | null)[] = [
    lastGood === null ? null : { label: 'last good', iso: lastGood, colour: 'var(--healthy)', dash: '5 3' },
    { label: 'now', iso: now, colour: 'var(--text)', dash: 'none' },
    breaksAt === null ? null : { label: 'breaks', iso: breaksAt, colour: 'var(--broken)', dash: '2 3' },
  ];
  return markers.flatMap((marker) => {
    const ms = marker === null ? null : instantMs(marker.iso);
    return marker === null || ms === null ? [] : [{ ...marker, ms }];
  });
};

/**
 * The span that matters. With two signing certificates the story takes a few weeks (made, promoted, old one ends), so only those are shown;
 * else whole certificates, at most two years to either side of now.
 */
const spanOf = (certificates: readonly MergedCertificate[], markers: readonly Marker[], nowMs: number): { from: number; to: number } => {
  const signing = certificates.filter(({ role }) => role === 'sts-signing');
  const [newest, ...older] = signing.map(({ notBefore, notAfter }) => ({ from: instantMs(notBefore) ?? nowMs, to: instantMs(notAfter) ?? nowMs }));
  if (newest && older.length > 0) {
    const points = [newest.from, ...older.map(({ to }) => to), ...markers.map(({ ms }) => ms)].filter((ms) => Math.abs(ms - nowMs) < 120 * dayMs);
    return { from: Math.min(nowMs, ...points) - 18 * dayMs, to: Math.max(nowMs, ...points) + 25 * dayMs };
  }
  const relevant = signing.length > 0 ? signing : certificates;
  const points = [...relevant.flatMap(({ notBefore, notAfter }) => [instantMs(notBefore), instantMs(notAfter)]), ...markers.map(({ ms }) => ms)].filter(
    (ms) => ms !== null,
  );
  const from = Math.max(Math.min(nowMs - 30 * dayMs, ...points), nowMs - 730 * dayMs);
  const to = Math.min(Math.max(nowMs + 30 * dayMs, ...points), nowMs + 730 * dayMs);
  const margin = (to - from) * 0.03;
  return { from: from - margin, to: to + margin };
};

interface Tick {
  readonly ms: number;
  readonly label: string;
}

/** Days of the month while a month is wide, else months. */
const ticksOf = (scale: Scale): Tick[] => {
  const dayWidth = (scale.width / (scale.to - scale.from)) * dayMs;
  const room = textWidth('15 Nov', scale.font) + 18;
  const days = [[1, 8, 15, 22], [1, 15], [1]].find(([first = 1, second = 31]) => (second - first) * dayWidth > room) ?? [];
  const from = new Date(scale.from);
  const inside = ({ ms }: Tick): boolean => ms > scale.from && ms < scale.to;
  if (30 * dayWidth > room && days.length > 0 && scale.to - scale.from < 200 * dayMs)
    return Array.from({ length: 9 }, (_, month) => days.map((day) => Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + month, day)))
      .flat()
      .map((ms) => ({ ms, label: dayText(new Date(ms).toISOString()).replace(/ \d{4}$/, '') }))
      .filter(inside);
  const everyMonths =
    [1, 2, 3, 6, 12].find((months) => (scale.width / (scale.to - scale.from)) * months * 30.4 * dayMs > textWidth('Nov 2025', scale.font) + 22) ?? 24;
  return Array.from({ length: 60 }, (_, month) => ({ month, ms: Date.UTC(from.getUTCFullYear(), month, 1) }))
    .filter(({ month }) => month % everyMonths === 0)
    .map(({ ms }) => ({ ms, label: monthText(ms) }))
    .filter(inside);
};

const ticks = (scale: Scale, y: number): Markup =>
  markup`${ticksOf(scale).map(({ ms, label }) => {
    const half = textWidth(label, scale.font) / 2;
    const x = xOf(ms, scale);
    const anchor = x < half ? 'start' : x > scale.width - half ? 'end' : 'middle';
    return markup`<path d="M${x} 0V${y}" stroke="var(--line)" stroke-width="1"/>\
<text class="quiet" x="${x}" y="${y + 16}" text-anchor="${anchor}" font-size="${scale.font}">${label}</text>`;
  })}`;

const fills: Readonly<Record<MergedCertificate['role'], string>> = {
  'sts-signing': 'var(--bar)',
  'sts-encryption': 'var(--bar-2)',
  'crm-encryption': 'var(--bar-3)',
  tls: 'var(--bar-5)',
};

const labelOf = (certificate: MergedCertificate, rank: string | null, scale: Scale): string => {
  const [host, ...more] = certificate.hosts;
  const where = certificate.role === 'tls' && host ? `${host}${more.length > 0 ? ` + ${more.length}` : ''}` : null;
  const short = [certificateRoleLabels[certificate.role], rank ?? where];
  const words = scale.name === 'wide' ? [...short, shortThumbprint(certificate.sha1), `to ${dayText(certificate.notAfter)}`] : short;
  return words.filter((word) => word !== null).join(' · ');
};

const barOf = (certificate: MergedCertificate, y: number, scale: Scale): { bar: Markup; text: Markup } => {
  const clip = (ms: number): number => Math.min(scale.width - 2, Math.max(2, xOf(ms, scale)));
  const [from, to] = [instantMs(certificate.notBefore) ?? scale.from, instantMs(certificate.notAfter) ?? scale.to];
  const [x1, x2] = [clip(from), clip(to)];
  const rank = standing(certificate);
  const solid = rank === null || certificate.primary === true;
  const fill = fills[certificate.role];
  const label = fitText(labelOf(certificate, rank, scale), scale.width - 4, scale.font);
  const labelX = Math.max(2, Math.min(x1, scale.width - 2 - textWidth(label, scale.font)));
  const text = markup`<text class="${rank ? 'strong' : ''}" x="${labelX}" y="${y + 12}" font-size="${scale.font}" stroke="var(--card)" stroke-width="5" \
stroke-linejoin="round" paint-order="stroke">${label}</text>`;
  // A bar that goes on beyond the drawing ends in an arrow head.
  const goesOn = (end: number, beyond: boolean, direction: 1 | -1): Markup | false =>
    beyond &&
    markup`<path d="M${end - direction * 9} ${y + 20.5}l${direction * 5} 4l${-direction * 5} 4" fill="none" stroke="${solid ? 'var(--card)' : fill}" \
stroke-width="1.8"/>`;
  const bar = markup`<rect x="${x1}" y="${y + 18}" width="${Math.max(3, x2 - x1)}" height="13" rx="3" fill="${fill}" fill-opacity="${solid ? 1 : 0.22}" \
stroke="${fill}" stroke-width="1.5"${solid ? '' : markup` stroke-dasharray="${rank?.startsWith('secondary') ? 'none' : '4 3'}"`}/>${
    x2 - x1 > 30
      ? markup`${goesOn(x1, from < scale.from, -1)}\
${goesOn(x2, to > scale.to, 1)}`
      : ''
  }`;
  return { bar, text };
};

const draw = (certificates: readonly MergedCertificate[], markers: readonly Marker[], scale: Scale, description: string): Markup => {
  const sorted = [...markers].sort((a, b) => a.ms - b.ms);
  const head = sorted.length * 17 + 10;
  const row = 44;
  const bottom = head + certificates.length * row + 8;
  const bars = certificates.map((certificate, index) => barOf(certificate, head + index * row, scale));
  const marker = ({ label, iso, ms, colour, dash }: Marker, index: number): Markup => {
    const x = Math.min(scale.width - 2, Math.max(2, xOf(ms, scale)));
    const text = `${label} ${dayText(iso)}`;
    const fitsRight = x + 6 + textWidth(text, scale.font) < scale.width - 2;
    const y = 13 + index * 17;
    return markup`<path d="M${x} ${y - 10}V${bottom}" stroke="${colour}" stroke-width="1.8" stroke-dasharray="${dash}"/>
<text class="strong" style="fill:${colour}" x="${fitsRight ? x + 6 : x - 6}" y="${y}" text-anchor="${fitsRight ? 'start' : 'end'}" font-size="${scale.font}" \
stroke="var(--card)" stroke-width="4" paint-order="stroke">${text}</text>`;
  };
  return markup`<svg class="${scale.name}" viewBox="0 0 ${scale.width} ${bottom + 24}" role="img" aria-label="${description}" \
xmlns="http://www.w3.org/2000/svg">
${ticks(scale, bottom)}${bars.map(({ bar }) => bar)}${sorted.map(marker)}${bars.map(({ text }) => text)}</svg>`;
};

export const certificateTimeLine = (certificates: readonly MergedCertificate[], results: readonly Result[], now: string): Markup => {
  const nowMs = instantMs(now);
  const shown = certificates.slice(0, 12);
  if (nowMs === null || shown.length === 0) return markup``;
  const markers = markersOf(results, now);
  const span = spanOf(shown, markers, nowMs);
  const description = [
    'Time line of certificates.',
    ...shown.map(
      (one) =>
        `${certificateRoleLabels[one.role]}${standing(one) ? `, ${standing(one)}` : ''}, ${shortThumbprint(one.sha1)}: ` +
        `${dayText(one.notBefore)} to ${dayText(one.notAfter)}.`,
    ),
    ...markers.map(({ label, iso }) => `${label}: ${dayText(iso)}.`),
  ].join(' ');
  const scales: readonly Scale[] = [
    { ...span, width: 860, font: 12, name: 'wide' },
    { ...span, width: 340, font: 10.5, name: 'narrow' },
  ];
  return markup`<figure class="drawing">${scales.map((scale) => draw(shown, markers, scale, description))}
<figcaption>Filled: in use. Light: published or remembered, \
but not signing.${certificates.length > shown.length ? ` ${certificates.length - shown.length} more in the table.` : ''}</figcaption></figure>`;
};
