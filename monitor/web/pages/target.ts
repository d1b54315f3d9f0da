/** A target's page: how each of its sign-ins stands, its time line, and its slots. */
import type { AlertRecord, Overview, Silence, Slot } from '../../../contracts/monitoring';
import { markup, type Markup } from '../../../reports/html/markup';
import { certificateRoleLabels, routeLabels } from '../../../reports/words/labels';
import { dayText, durationText, whenText } from '../../../reports/words/time';
import { coverageOf, sumOf } from '../../store/coverage';
import type { Timeline } from '../../store/store';
import { durationChart, durationsOf } from '../parts/duration-chart';
import { hiddenToken } from '../parts/forms';
import { instant, since } from '../parts/instant';
import { reportAddress, targetAddress } from '../parts/links';
import { slotTable } from '../parts/slot-table';
import { verdictLanes } from '../parts/verdict-lanes';
import { missingMark, verdictMark } from '../parts/verdict-mark';
import { troubleTitle } from '../view/head-line';
import { alertEndWord, hostOf, percentText, seriesText, severityLabels, windowLabels } from '../view/words';
import type { Page } from './layout';

export const spans = { '24h': '24 hours', '7d': '7 days', '30d': '30 days', '90d': '90 days' } as const;
export type SpanName = keyof typeof spans;

export interface TargetView {
  readonly target: string;
  readonly rows: readonly Overview[];
  readonly timeline: Timeline;
  readonly slots: readonly Slot[];
  readonly silences: readonly Silence[];
  readonly span: SpanName;
  readonly from: string;
  readonly to: string;
  /** The newest run in which people could sign in, of series that are broken. */
  readonly lastGood: readonly Slot[];
  /** Token for the forms; null = the visitor only looks. */
  readonly token: string | null;
}

export const targetPage = (view: TargetView, now: Date): Page => {
  const { target, rows, timeline, slots, silences, span, from, to, token } = view;
  const sts = rows.find((row) => row.sts !== null)?.sts ?? null;
  return {
    title: target,
    current: 'overview',
    refreshSeconds: 60,
    main: markup`<p class="crumb"><a href="/">Overview</a> › ${sts === null ? 'STS not seen yet' : hostOf(sts)}</p>
<div class="title"><h1>${target}</h1>${
      token === null ? '' : markup`<p><a class="button" href="/silences?target=${encodeURIComponent(target)}">Silence alerts</a></p>`
    }</div>
${
  silences.length === 0
    ? ''
    : markup`<p class="notice">Silenced until ${instant(
        silences
          .map((silence) => silence.to)
          .sort()
          .at(-1) ?? '',
      )}: ${silences.map(({ reason, by }) => `${reason} (${by})`).join('; ')}. <a href="/silences">Silences</a></p>`
}
${standingTable(rows, view.lastGood, token, now)}
<section aria-labelledby="time"><h2 id="time">Time line</h2><nav class="switch" aria-label="Length of the time line">${Object.entries(spans).map(
      ([key, label]) =>
        key === span
          ? markup`<a href="${targetAddress(target)}?span=${key}" aria-current="true">${label}</a>`
          : markup`<a href="${targetAddress(target)}?span=${key}">${label}</a>`,
    )}</nav>${verdictLanes(timeline, { from, to })}${happened(timeline, now)}${figures(timeline)}</section>
<section aria-labelledby="durations"><h2 id="durations">Durations by stage</h2>${durationChart(timeline, { from, to })}</section>
<section aria-labelledby="slots"><h2 id="slots">Newest slots</h2>${slotTable(slots, 'slots', false)}<p>\
<a href="/slots?target=${encodeURIComponent(target)}">All slots of ${target}</a></p></section>`,
  };
};

const standingTable = (rows: readonly Overview[], lastGood: readonly Slot[], token: string | null, now: Date): Markup => {
  const at = now.toISOString();
  return markup`<section aria-labelledby="now"><h2 id="now" class="unseen">Now</h2><table class="list now stack" aria-labelledby="now"><thead><tr>\
<th scope="col">Route</th><th scope="col">Location</th><th scope="col">Verdict</th><th scope="col">Since</th><th scope="col" class="number">Took</th>\
<th scope="col" class="number">Coverage 24 h</th><th scope="col">Breaks</th><th scope="col">Newest run</th>${
    token === null ? '' : markup`<th scope="col"><span class="unseen">Action</span></th>`
  }</tr></thead><tbody>${rows.map((row) => {
    const coverage = coverageOf(row.last24h);
    const breaksAt = row.forecast?.breaksAt ?? null;
    return markup`<tr class="row is-${row.verdict ?? 'none'}"><th scope="row" class="tight">${routeLabels[row.route]}</th><td class="place">${row.location}\
</td><td>${verdictMark(row.verdict)}${
      row.verdict === 'healthy' || row.verdict === null ? '' : markup`<div class="small">${troubleTitle(row)}${row.kb === null ? '' : ` (KB ${row.kb})`}</div>`
    }${missingMark(row)}</td>
<td class="tight" data-label="Since">${since(at, row.since)}</td><td class="number" data-label="Took">\
${row.lastTotalMs === null ? '–' : durationText(row.lastTotalMs)}</td><td class="number" data-label="Coverage 24 h">\
${coverage === null ? '–' : percentText(coverage)}</td><td data-label="Breaks">\
${breaksAt === null ? (row.forecast?.why ?? '–') : markup`<time datetime="${breaksAt}">${dayText(breaksAt)}</time>, ${whenText(at, breaksAt)}`}</td>
<td class="tight">${
      row.lastRunId === null
        ? '–'
        : markup`<a href="${reportAddress(row.lastRunId)}" aria-label="Report of the newest run \
of ${seriesText(row)}">Report</a>${compareWithGood(row, lastGood)}`
    }</td>${
      token === null
        ? ''
        : markup`<td class="tight"><form method="post" action="/run">${hiddenToken(token)}\
<input type="hidden" name="target" value="${row.target}"><input type="hidden" name="route" value="${row.route}">\
<input type="hidden" name="location" value="${row.location}"><button class="quiet" aria-label="Run now: ${seriesText(row)}">Run now</button></form></td>`
    }</tr>`;
  })}</tbody></table></section>`;
};

/** What is different from when it last worked: the first thing an engineer wants to know. */
const compareWithGood = (row: Overview, lastGood: readonly Slot[]): Markup | null => {
  const good = lastGood.find(({ route, location }) => route === row.route && location === row.location);
  if (!good?.runId || !row.lastRunId || row.verdict === 'healthy') return null;
  return markup`<br><a href="/compare?before=${encodeURIComponent(good.runId)}&amp;after=${encodeURIComponent(row.lastRunId)}" aria-label="Compare with the \
last good run: ${seriesText(row)}">Compare with the last good</a>`;
};

/** What the marks of the drawing stand for, in words. */
const happened = ({ windows, certificates, alerts }: Timeline, now: Date): Markup => {
  const list = [
    ...windows.map(({ from, to, kind, text, by }) => ({
      at: from,
      words: markup`<b>${windowLabels[kind]}:</b> ${text}${by === null ? '' : ` (${by})`}, ${to === null ? 'still open' : markup`to ${instant(to)}`}`,
    })),
    ...certificates.map((certificate) => ({
      at: certificate.firstSeen,
      words: markup`<b>New certificate:</b> ${certificateRoleLabels[certificate.role]} of ${certificate.host}, <code>${certificate.sha1}\
</code>, to ${dayText(certificate.notAfter)}`,
    })),
    ...alerts.map((alert: AlertRecord) => ({
      at: alert.openedAt,
      words: markup`<b>Alert (${severityLabels[alert.severity].toLowerCase()}):</b> <a href="/alerts/${alert.id}">${alert.title}</a>\
${alert.recoveredAt === null ? ', open' : markup`, ${alertEndWord(alert)} ${instant(alert.recoveredAt)}`}`,
    })),
  ].sort((a, b) => (a.at < b.at ? 1 : -1));
  return list.length === 0
    ? markup``
    : markup`<ul>${list.map(({ at, words }) => markup`<li>${instant(at)} <span class="muted">(${whenText(now.toISOString(), at)})</span> ${words}</li>`)}</ul>`;
};

/** The drawings as figures. */
const figures = ({ series }: Timeline): Markup =>
  markup`<details id="figures"><summary>The time line as a table</summary>\
<div class="overflow" tabindex="0" role="region" aria-label="The time line as a table"><table><thead><tr><th scope="col">Series</th>\
${['Planned', 'Healthy', 'At risk', 'Broken', 'Flaky', 'Unknown', 'Missed', 'Maintenance', 'Mean duration', 'Longest'].map(
  (name) => markup`<th scope="col" class="number">${name}</th>`,
)}</tr></thead><tbody>${series.map(({ key, points }) => {
    const sum = sumOf(points);
    const { meanMs, maxMs } = durationsOf(points);
    return markup`<tr><th scope="row">${routeLabels[key.route]}, ${key.location}</th>\
${[sum.planned, sum.healthy, sum.atRisk, sum.broken, sum.flaky, sum.unknown, sum.missed, sum.maintenance].map(
  (count) => markup`<td class="number">${count}</td>`,
)}<td class="number">${meanMs === null ? '–' : durationText(meanMs)}</td><td class="number">${maxMs === null ? '–' : durationText(maxMs)}</td></tr>`;
  })}</tbody></table></div></details>`;
