/** `comparison.html`: two sides next to each other for the one who decides; one file, no script, no network, prints, light and dark, wide and narrow. */
import type { Comparison, Difference, DifferenceJudgement } from '../contracts/comparison';
import { commandBlock, kbLink } from './html/finding-card';
import { comparisonStyle } from './html/comparison-style';
import { comparisonTimings } from './html/comparison-timings';
import { htmlDocument } from './html/document';
import { markup, type Markup } from './html/markup';
import {
  changedPart,
  decisionWords,
  comparisonLabels,
  comparisonSymbols,
  comparisonTones,
  judgementHeadings,
  judgements,
  judgementTones,
  placeOf,
  routeNameOf,
  sideName,
} from './words/comparison';
import { certaintyLabels, methodLabels, verdictLabels, verdictSymbols } from './words/labels';
import { minuteText, secondText } from './words/time';

const verdictWord = (verdict: Comparison['verdict']): Markup =>
  markup`<span class="verdict"><span aria-hidden="true">${comparisonSymbols[verdict]}</span>${comparisonLabels[verdict]}</span>`;

const health = (side: Comparison['routes'][number]['before']): Markup =>
  side
    ? markup`<div class="health is-${side.verdict}"><p class="name"><span class="verdict"><span aria-hidden="true">${verdictSymbols[side.verdict]}</span>\
${verdictLabels[side.verdict]}</span></p>
<p class="small">${
        side.signedInAs ? markup`signed in as <b>${side.signedInAs}</b>` : side.summary.replace(/^(at risk|broken|unknown|healthy)[:,]\s*/, '')
      }${side.method ? markup` <span class="muted">(${methodLabels[side.method]})</span>` : ''}</p></div>`
    : markup`<div class="health is-unknown"><p class="name"><span class="verdict">Not tried</span></p></div>`;

const sides = ({ before, after, routes }: Comparison): Markup => markup`<div class="sides">
<div class="pair head"><p><b>Before</b> <span class="muted">\
${sideName(before)}, ${minuteText(before.at)}${before.runs.length > 1 ? `, ${before.runs.length} sign-ins` : ''}</span></p>
<p><b>After</b> <span class="muted">${sideName(after)}, ${minuteText(after.at)}${after.runs.length > 1 ? `, ${after.runs.length} sign-ins` : ''}\
</span></p></div>
${routes.map(
  (route) => markup`<h2>${routeNameOf(route)}</h2><div class="pair"><div>${health(route.before)}</div><div>${health(route.after)}</div></div>`,
)}</div>`;

const causes = ({ routes }: Comparison): Markup => {
  const groups = new Map<string, { readonly where: string[]; readonly cause: Comparison['routes'][number]['causes'][number] }>();
  for (const route of routes) {
    const [cause] = route.causes;
    if (!cause) continue;
    const known = groups.get(cause.id);
    if (known) known.where.push(routeNameOf(route));
    else groups.set(cause.id, { where: [routeNameOf(route)], cause });
  }
  return markup`${[...groups.values()].map(
    ({
      where,
      cause,
    }) => markup`<section class="card cause is-broken"><p class="scope"><span>Why it no longer works · ${where.join(' and ')}</span><code>${cause.id}</code></p>
<h2>${cause.title}</h2><p class="badges"><span class="badge">${certaintyLabels[cause.certainty]}</span>${
      cause.kb === null ? '' : markup`<b>${kbLink(cause.kb)}</b>`
    }</p>
<ul>${cause.because.map(({ text }) => markup`<li>${text}</li>`)}</ul>
${
  cause.remedy.length > 0
    ? markup`<div class="do"><h3>What to do, unless you roll back</h3><ol class="steps">${cause.remedy.map(
        ({ text, command }) => markup`<li>${text}${command === undefined ? '' : commandBlock(command)}</li>`,
      )}</ol></div>`
    : ''
}</section>`,
  )}`;
};

const shown = (value: string | null, other: string | null, side: 'before' | 'after'): Markup => {
  const [start, changed, end] = changedPart(value, other);
  return markup`<div class="value ${side}"><p class="eyebrow">${side}</p><p class="mono${value === null ? ' muted' : ''}">\
${start}${changed === '' ? '' : markup`<mark>${changed}</mark>`}${end}</p></div>`;
};

const differenceCard = (difference: Difference, comparison: Comparison): Markup => markup`<article class="difference is-${judgementTones[difference.judged]}">
<h3>${difference.where}</h3>
<p class="place"><span>${placeOf(difference, comparison)}</span><code>${difference.kind}</code></p>
<div class="pair">${shown(difference.before, difference.after, 'before')}${shown(difference.after, difference.before, 'after')}</div>
<p>${difference.meaning}</p></article>`;

const differences = (comparison: Comparison): Markup => {
  const group = (judged: DifferenceJudgement): Markup => {
    const some = comparison.differences.filter((difference) => difference.judged === judged);
    if (some.length === 0) return markup``;
    const cards = some.map((difference) => differenceCard(difference, comparison));
    if (judged === 'follows')
      return markup`<div class="folds"><details><summary>${judgementHeadings[judged]} (${some.length})</summary>${cards}</details></div>`;
    return markup`<section><h2>${judgementHeadings[judged]} <span class="muted">(${some.length})</span></h2>${cards}</section>`;
  };
  return markup`${judgements.map(group)}`;
};

const looked = (comparison: Comparison): Markup => {
  const { same, notCompared } = comparison;
  return markup`<section><h2>What else was looked at</h2><div class="folds">
<details><summary>Alike on both sides (${same.length})</summary>${
    same.length > 0
      ? markup`<table class="stack"><thead><tr><th scope="col">What</th><th scope="col">Where</th><th scope="col">Value on both sides</th></tr></thead>\
<tbody>${same.map(
          (one) => markup`<tr><th scope="row">${one.where}</th><td data-label="Where">${placeOf(one, comparison)}</td><td class="mono">${one.value}</td></tr>`,
        )}</tbody></table>`
      : markup`<p>Nothing.</p>`
  }</details>
${
  notCompared.length > 0
    ? markup`<details><summary>Not compared (${notCompared.length})</summary><ul class="small">${notCompared.map(
        (one) => markup`<li><b>${one.what}</b> (${placeOf(one, comparison)}): ${one.why}</li>`,
      )}</ul></details>`
    : ''
}</div></section>`;
};

/** The comparison as one HTML document. Every value is escaped; the document forbids scripts and every outside address, and is well-formed XML too. */
export const renderComparisonHtml = (comparison: Comparison): string => {
  const { comparison: about, verdict, decision, summary, notHappened, before, after } = comparison;
  const main = markup`<div class="top"><span><b>Comparison</b>${about.change === null ? '' : ` · change ${about.change}`}</span><span>${minuteText(about.at)}\
</span></div>
<div class="decision is-${comparisonTones[verdict]}"><p class="first">${
    about.change === null ? '' : markup`<span class="word">${decisionWords[decision]}</span>`
  }${verdictWord(verdict)}</p><h1>${summary}</h1>
<p class="small">Announced: ${
    about.expect.length > 0 ? markup`${about.expect.map((kind, index) => markup`${index > 0 ? ', ' : ''}<code>${kind}</code>`)}` : 'nothing'
  }</p></div>
${sides(comparison)}
${causes(comparison)}
${
  notHappened.length > 0
    ? markup`<section class="card cause also is-at-risk"><h2>Announced, but not seen</h2><ul>${notHappened.map(
        ({ kind, text }) => markup`<li><code>${kind}</code>: ${text}</li>`,
      )}</ul></section>`
    : ''
}
${differences(comparison)}
${comparisonTimings(comparison)}
${looked(comparison)}
<footer>Comparison <code>${about.id}</code>, ${secondText(about.at)}; signin-probe ${about.tool}. Before: ${before.runs.join(', ')} (${before.browser}). \
After: ${after.runs.join(', ')} (${after.browser}).
All times are UTC. This comparison contains no password, cookie value or token.</footer>`;
  return htmlDocument({ title: `${comparisonLabels[verdict]}: ${summary}`, style: comparisonStyle, pictures: false, main });
};
