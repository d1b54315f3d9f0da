/** Any two runs side by side: the verdict and each difference with what it means. */
import type { Comparison, Difference } from '../../../contracts/comparison';
import { markup, type Markup } from '../../../reports/html/markup';
import { routeLabels } from '../../../reports/words/labels';
import { instant } from '../parts/instant';
import { reportAddress } from '../parts/links';
import type { Page } from './layout';

const verdicts = {
  same: ['healthy', '✓', 'The same'],
  'intended-change': ['at-risk', '!', 'Changed'],
  regression: ['broken', '✕', 'Worse, or changed without notice'],
} as const;
const judgements: Readonly<Record<Difference['judged'], string>> = {
  unannounced: 'not announced',
  announced: 'announced',
  better: 'better',
  follows: 'follows from where it ended',
  noted: 'noted',
};

export const comparePage = (comparison: Comparison, address: string): Page => {
  const [tone, symbol, word] = verdicts[comparison.verdict];
  return {
    title: 'Two runs compared',
    current: 'slots',
    refreshSeconds: null,
    main: markup`<p class="crumb"><a href="/slots">Slots</a> › Comparison</p><div class="title"><h1>Two runs compared</h1><p>\
<a class="button" href="${address}">The whole comparison</a></p></div>
<div class="head"><div class="say is-${tone}"><span class="sign" aria-hidden="true">${symbol}</span><div><h2>${word}</h2><p>${comparison.summary}\
</p></div></div></div>
<table class="list stack"><thead><tr><th scope="col">Side</th><th scope="col">Run</th><th scope="col">Began</th><th scope="col">Result</th></tr></thead>\
<tbody>${(['before', 'after'] as const).map(
      (side) => markup`<tr class="row"><th scope="row">${side === 'before' ? 'Before' : 'After'}</th><td>\
<a href="${reportAddress(comparison[side].runs[0] ?? comparison[side].name)}">${comparison[side].name}</a></td><td>${instant(comparison[side].at)}</td>\
<td>${comparison.routes.map((route) => markup`<div>${route.target}, ${routeLabels[route.route]}: ${route[side]?.summary ?? 'not in this run'}</div>`)}\
</td></tr>`,
    )}</tbody></table>
<h2 id="differences">Differences</h2>${comparison.differences.length === 0 ? markup`<p>None.</p>` : differenceTable(comparison.differences)}`,
  };
};

const differenceTable = (differences: readonly Difference[]): Markup =>
  markup`<table class="list stack" aria-labelledby="differences"><thead><tr><th scope="col">What</th><th scope="col">Before</th><th scope="col">After</th>\
<th scope="col">What it means</th><th scope="col">Judged</th></tr></thead><tbody>${differences.map(
    ({ where, routes, before, after, meaning, judged }) =>
      markup`<tr class="row"><th scope="row">${where}<div class="muted small">${routes.map((route) => routeLabels[route]).join(', ')}</div></th>\
<td data-label="Before">${before ?? 'not there'}</td><td data-label="After">${after ?? 'not there'}</td><td>${meaning}</td>\
<td class="words" data-label="Judged">${judgements[judged]}</td></tr>`,
  )}</tbody></table>`;
