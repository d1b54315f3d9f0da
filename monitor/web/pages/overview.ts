/** Overview: how everything stands, what is wrong, and each series with its last 90 days. */
import type { Overview } from '../../../contracts/monitoring';
import { kbLink } from '../../../reports/html/finding-card';
import { markup, type Markup } from '../../../reports/html/markup';
import { routeLabels } from '../../../reports/words/labels';
import { dayText, whenText } from '../../../reports/words/time';
import { coverageOf, sumOf } from '../../store/coverage';
import { standingHead } from '../parts/head-line';
import { since } from '../parts/instant';
import { dayStrip } from '../parts/strip';
import { targetLink } from '../parts/links';
import { missingMark, verdictMark } from '../parts/verdict-mark';
import { groupsOf, needsAttention, standingOf, type StsGroup, type Trouble, troubleTitle, troublesOf } from '../view/head-line';
import { counted, hostOf, percentText } from '../view/words';
import type { Page } from './layout';

export interface OverviewQuery {
  readonly show: 'all' | 'attention';
  readonly order: 'name' | 'worst';
}

export const overviewDays = 90;

export const overviewPage = (all: readonly Overview[], { show, order }: OverviewQuery, now: Date): Page => {
  const standing = standingOf(all, now);
  const shown = show === 'attention' ? all.filter((series) => needsAttention(series, now)) : all;
  const troubles = troublesOf(all);
  return {
    title: standing.headline,
    current: 'overview',
    refreshSeconds: 60,
    tone: standing.tone,
    main: markup`${standingHead(standing, now)}
${
  troubles.length === 0
    ? null
    : markup`<section aria-labelledby="wrong"><h2 id="wrong" class="unseen">What is wrong</h2><ul class="troubles">\
${troubles.map((trouble) => troubleCard(trouble, now))}</ul></section>`
}
<section aria-labelledby="all"><h2 id="all" class="unseen">All sign-ins</h2>
<nav class="switch" aria-label="What is shown">\
${choice('All', { show: 'all', order }, show === 'all')}${choice('Only what needs attention', { show: 'attention', order }, show === 'attention')}
<span class="muted">·</span>${choice('By name', { show, order: 'name' }, order === 'name')}\
${choice('The worst first', { show, order: 'worst' }, order === 'worst')}</nav>
${
  shown.length === 0
    ? markup`<p class="notice">${all.length === 0 ? 'No target of the configuration has a schedule yet.' : 'Nothing needs attention.'}</p>`
    : groupsOf(shown, now, order === 'worst').map((group) => stsSection(group, all, now))
}</section>`,
  };
};

const choice = (label: string, { show, order }: OverviewQuery, current: boolean): Markup => {
  const query = new URLSearchParams({ ...(show === 'all' ? {} : { show }), ...(order === 'name' ? {} : { order }) }).toString();
  return current
    ? markup`<a href="/${query === '' ? '' : `?${query}`}" aria-current="true">${label}</a>`
    : markup`<a href="/${query === '' ? '' : `?${query}`}">${label}</a>`;
};

const troubleCard = ({ verdict, title, kb, sts, since: from, series, targets }: Trouble, now: Date): Markup => markup`<li class="trouble is-${verdict}">
<p class="between">${verdictMark(verdict)}<span class="muted">${from === null ? '' : since(now.toISOString(), from)}</span></p>
<h3>${title}</h3>
<p>${sts === null ? '' : markup`${hostOf(sts)}: `}${targets.length === 1 ? targetLink(targets[0] ?? '') : counted(targets.length, 'target')}, \
${counted(series.length, 'sign-in')} (${[...new Set(series.map(({ route }) => routeLabels[route]))].join(' and ')})${
  kb === null ? '' : markup` · ${kbLink(kb)}`
}</p>
${
  targets.length > 1
    ? markup`<details><summary>The targets</summary><p>${targets.map((target, index) => markup`${index > 0 ? ', ' : ''}${targetLink(target)}`)}</p></details>`
    : null
}</li>`;

const stsSection = ({ name, sts, targets, series }: StsGroup, all: readonly Overview[], now: Date): Markup => {
  const whole = all.filter((one) => one.sts === sts);
  const share = coverageOf(sumOf(whole.map(({ total }) => total)));
  const broken = series.filter(({ verdict }) => verdict === 'broken').length;
  const id = `sts-${name.replace(/[^A-Za-z0-9]+/g, '-')}`;
  return markup`<section class="group" aria-labelledby="${id}"><h2 id="${id}">${name} <small>\
${counted(new Set(whole.map(({ target }) => target)).size, 'target')}${broken > 0 ? `, ${broken} of ${whole.length} sign-ins broken` : ''}\
${share === null ? '' : `, coverage ${percentText(share)} over ${overviewDays} days`}</small></h2>
<table class="series stack" aria-labelledby="${id}"><thead><tr><th scope="col">Target</th><th scope="col">Route</th><th scope="col">Location</th>\
<th scope="col">Verdict</th><th scope="col">Since</th><th scope="col" class="number">Coverage <span class="muted">24 h</span></th>\
<th scope="col" class="number hide-medium">${overviewDays} days</th><th scope="col">Last ${overviewDays} days</th><th scope="col">Breaks</th></tr></thead>
${targets.map(
  ({ target, rows }) => markup`<tbody>\
${rows.map((row, index) => seriesRow(row, now, index === 0 ? markup`<th scope="rowgroup" rowspan="${rows.length}">${targetLink(target)}</th>` : null))}\
</tbody>`,
)}</table></section>`;
};

const share = (counts: Overview['total']): string => {
  const coverage = coverageOf(counts);
  return coverage === null ? '–' : percentText(coverage);
};

const seriesRow = (row: Overview, now: Date, heading: Markup | null): Markup => {
  const breaksAt = row.forecast?.breaksAt ?? null;
  const at = now.toISOString();
  return markup`<tr class="row is-${row.verdict ?? 'none'}">${heading}<td class="tight">${routeLabels[row.route]}</td><td class="place">${row.location}</td>
<td>${row.lastSlotId === null ? verdictMark(row.verdict) : markup`<a class="plain" href="/slots/${row.lastSlotId}">${verdictMark(row.verdict)}</a>`}${
    row.verdict === 'healthy' || row.verdict === null ? '' : markup`<div class="why">${troubleTitle(row)}${row.kb === null ? '' : ` (KB ${row.kb})`}</div>`
  }${missingMark(row)}</td>
<td class="tight" data-label="Since">${since(at, row.since)}</td><td class="number" data-label="Coverage 24 h">${share(row.last24h)}</td>\
<td class="number hide-medium" data-label="Coverage ${overviewDays} days">${share(row.total)}</td>
<td>${dayStrip(row.days, now, overviewDays)}</td><td class="tight" data-label="Breaks">${
    breaksAt === null
      ? markup`<span class="muted">${row.forecast?.state === 'unknown' || row.forecast === null ? 'no forecast' : '–'}</span>`
      : markup`<time datetime="${breaksAt}" title="${whenText(at, breaksAt)}">${dayText(breaksAt)}</time>`
  }</td></tr>`;
};
