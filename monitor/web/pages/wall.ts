/** Wall: readable from across the room, on one screen without scrolling; every target is a tile, what is wrong stands above. */
import type { Overview } from '../../../contracts/monitoring';
import { markup, type Markup } from '../../../reports/html/markup';
import { routeLabels } from '../../../reports/words/labels';
import { since } from '../parts/instant';
import { targetAddress } from '../parts/links';
import { standingHead } from '../parts/head-line';
import { verdictMark } from '../parts/verdict-mark';
import { groupsOf, isStale, standingOf, type StsGroup, type TargetRows, type Trouble, troublesOf } from '../view/head-line';
import { counted, hostOf, seriesText, slotVerdictLabels, slotVerdictSymbols } from '../view/words';
import type { Page } from './layout';

/** More would push the tiles off the screen; the rest is counted. */
const shownTroubles = 4;

export const wallPage = (all: readonly Overview[], now: Date): Page => {
  const standing = standingOf(all, now);
  const troubles = troublesOf(all);
  const more = troubles.length - shownTroubles;
  return {
    title: standing.headline,
    current: 'wall',
    refreshSeconds: 30,
    tone: standing.tone,
    wall: true,
    main: markup`${standingHead(standing, now)}
${
  troubles.length === 0
    ? null
    : markup`<ul class="troubles" aria-label="What is wrong">${troubles.slice(0, shownTroubles).map((trouble) => troubleCard(trouble, now))}</ul>\
${more > 0 ? markup`<p class="key">and ${counted(more, 'other thing')} on the <a href="/?show=attention&amp;order=worst">overview</a></p>` : null}`
}
${groupsOf(all, now, true).map((group) => tilesOf(group, now))}
<p class="key">${(['healthy', 'at-risk', 'flaky', 'unknown', 'broken'] as const).map((verdict) => verdictMark(verdict))}<span>Outlined: \
not probed lately</span><span>Cells of a tile: ${cellNames(all)}</span></p>`,
  };
};

/** `Internal claims dmz, Internal claims hq, IFD dmz, IFD hq`, where all targets have the same. */
const cellNames = (all: readonly Overview[]): string => {
  const names = new Set(groupsByTarget(all).map((rows) => rows.map(({ route, location }) => `${routeLabels[route]} ${location}`).join(', ')));
  return names.size === 1 ? [...names].join('') : 'one for each route and location';
};
const groupsByTarget = (all: readonly Overview[]): readonly (readonly Overview[])[] =>
  [...new Set(all.map(({ target }) => target))].map((target) => all.filter((row) => row.target === target));

const troubleCard = ({ verdict, title, kb, sts, since: from, series, targets }: Trouble, now: Date): Markup => markup`<li class="trouble is-${verdict}">
<p class="between">${verdictMark(verdict)}<span class="muted">${from === null ? '' : since(now.toISOString(), from)}</span></p>\
<h2>${title}${kb === null ? '' : ` (KB\u00a0${kb})`}</h2>
<p>${[
  ...(sts === null ? [] : [hostOf(sts)]),
  targets.length === 1 ? (targets[0] ?? '') : counted(targets.length, 'target'),
  counted(series.length, 'sign-in'),
].join(' · ')}</p></li>`;

const tilesOf = ({ name, targets, series }: StsGroup, now: Date): Markup => {
  const id = `sts-${name.replace(/[^A-Za-z0-9]+/g, '-')}`;
  // The company's name is in front of every organisation's: said once above, the tiles stay readable.
  const prefix = targets.length > 1 ? commonPrefix(targets.map(({ target }) => target)) : '';
  return markup`<section class="tiles" aria-labelledby="${id}"><h2 id="${id}">${name} <small>\
${counted(targets.length, 'target')}, ${series.filter(({ verdict }) => verdict === 'healthy').length} of ${series.length} sign-ins healthy</small></h2>
<ul>${targets.map((target) => tile(target, prefix, now))}</ul></section>`;
};

const order = ['healthy', 'unknown', 'flaky', 'at-risk', 'broken'] as const;

const tile = ({ target, rows }: TargetRows, prefix: string, now: Date): Markup => {
  const worst = order.findLast((verdict) => rows.some((row) => row.verdict === verdict)) ?? 'none';
  return markup`<li class="tile is-${worst}"><a href="${targetAddress(target)}" title="${target}"><span class="unseen">${prefix}</span>\
${target.slice(prefix.length)}</a><div class="cells">${rows.map((row) => {
    const stale = isStale(row, now);
    const words =
      `${seriesText(row)}: ${row.verdict === null ? 'no result yet' : slotVerdictLabels[row.verdict].toLowerCase()}` + (stale ? ', not probed lately' : '');
    return markup`<span class="cell is-${row.verdict ?? 'none'}${stale ? ' stale' : ''}" role="img" aria-label="${words}" title="${words}">\
${row.verdict === null ? '·' : slotVerdictSymbols[row.verdict]}</span>`;
  })}</div></li>`;
};

/** Up to and with the last hyphen all have in common. */
const commonPrefix = (names: readonly string[]): string => {
  const [first = ''] = names;
  let length = 0;
  while (length < first.length && names.every((name) => name[length] === first[length])) length++;
  return first.slice(0, first.slice(0, length).lastIndexOf('-') + 1);
};
