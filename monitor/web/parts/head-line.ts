/** The head line: can people sign in, everywhere? With coverage beside it, since green without coverage means nothing. */
import { markup, type Markup } from '../../../reports/html/markup';
import { dayText, whenText } from '../../../reports/words/time';
import type { Standing } from '../view/head-line';
import { counted, hostOf, percentText, slotVerdictSymbols } from '../view/words';

export const standingHead = (standing: Standing, now: Date): Markup => {
  const { tone, headline, coverage, counts, stale, series, targets, missed24h, nextBreak } = standing;
  const rest = [counted(targets, 'target'), `${counts.healthy} of ${series} sign-ins healthy`, ...(stale > 0 ? [`${stale} not probed lately`] : [])];
  return markup`<div class="head"><div class="say is-${tone}"><span class="sign" aria-hidden="true">${slotVerdictSymbols[tone]}</span><div>\
<h1 data-headline>${headline}</h1><p>${rest.join(' · ')}</p></div></div>
<ul class="figures"><li><b>${coverage === null ? '–' : percentText(coverage)}</b><span>coverage in 24 h${missed24h > 0 ? `, ${missed24h} missed` : ''}\
</span></li>
<li><b>${nextBreak === null ? (tone === 'broken' ? 'Broken now' : 'None') : whenText(now.toISOString(), nextBreak.at)}</b><span>${
    nextBreak === null
      ? tone === 'broken'
        ? 'no forecast'
        : 'foreseeable break ahead'
      : markup`next break (<time datetime="${nextBreak.at}">${dayText(nextBreak.at)}</time>${nextBreak.sts === null ? '' : `, ${hostOf(nextBreak.sts)}`})`
  }</span></li></ul></div>`;
};
