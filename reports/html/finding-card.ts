/** A cause for the reader at 3 a.m.: what it is, how sure, why we say so, what would disprove it, what to do, how to check. */
import type { Report, Result } from '../../contracts/report';
import { type FindingGroup, type MergedClaim, mergeClaims, mergeSteps, referencesOf, type StepList, strongestCertainty } from '../findings';
import { certaintyLabels, certaintyMeanings, routeLabels, routePhrases } from '../words/labels';
import { kbAddress, referenceLabel } from '../words/references';
import { routesPhrase } from '../words/headline';
import type { Anchors } from './anchors';
import { markup, type Markup } from './markup';

const dots = { confirmed: '●●●', probable: '●●○', suspected: '●○○' } as const;

export const kbLink = (kb: string | null): Markup => {
  if (kb === null) return markup``;
  const address = kbAddress(kb);
  return address ? markup`<a class="show-address" href="${address}" rel="noreferrer noopener">KB ${kb}</a>` : markup`<span>KB ${kb}</span>`;
};

const references = (claim: MergedClaim, anchors: Anchors): Markup => {
  const { own, common } = referencesOf(claim);
  const links = (result: Result, refs: readonly string[]): Markup[] =>
    refs.map((reference, index) => {
      const anchor = anchors.ofReference(result, reference);
      const label = referenceLabel(reference);
      return markup`${index > 0 ? ', ' : ''}${anchor ? markup`<a href="#${anchor}">${label}</a>` : label}`;
    });
  const parts = [
    ...own.map(({ result, refs }) => markup`${claim.sources.length > 1 ? `${routePhrases[result.route]}: ` : ''}${links(result, refs)}`),
    ...(common ? [markup`${links(common.result, common.refs)}`] : []),
  ];
  return parts.length === 0 ? markup`` : markup` <span class="refs">[${parts.map((part, index) => markup`${index > 0 ? '; ' : ''}${part}`)}]</span>`;
};

/** Thumbprints are compared digit by digit, so they get the fixed-width font. */
const withThumbprints = (text: string): Markup =>
  markup`${text.split(/\b([0-9A-Fa-f]{40})\b/).map((part, index) => (index % 2 === 1 ? markup`<code class="hash">${part}</code>` : part))}`;

const claims = (list: readonly MergedClaim[], everyRoute: number, anchors: Anchors): Markup =>
  markup`<ul>${list.map(
    (claim) =>
      markup`<li>${
        everyRoute > 1 && claim.sources.length === 1 ? markup`<b>${routeLabels[claim.sources[0]?.result.route ?? 'internal']}:</b> ` : ''
      }${withThumbprints(claim.text)}${references(claim, anchors)}</li>`,
  )}</ul>`;

/** Lines break between words only: a break after a hyphen would look like part of the command. */
export const commandBlock = (command: string): Markup =>
  markup`<pre class="command"><code>${command.split(/(\s+)/).map((part, index) => (index % 2 === 0 && part !== '' ? markup`<span>${part}</span>` : part))}\
</code></pre>`;

/** Numbered steps; a command is selected whole by one click, without script. */
const stepLists = (lists: readonly StepList[]): Markup =>
  markup`${lists.map(
    ({ results, steps }) =>
      markup`${lists.length > 1 ? markup`<h4>${results.map(({ route }) => routeLabels[route]).join(' and ')}</h4>` : ''}
<ol class="steps">${steps.map(({ text, command }) => markup`<li>${withThumbprints(text)}${command === undefined ? '' : commandBlock(command)}</li>`)}</ol>`,
  )}`;

const certainty = (group: FindingGroup): Markup => {
  const strongest = strongestCertainty(group);
  const differs = group.members.some(({ finding }) => finding.certainty !== strongest);
  return markup`<span class="badge"><span class="dots" aria-hidden="true">${dots[strongest]}</span>${certaintyLabels[strongest]}</span>
<span class="muted">${
    differs
      ? group.members.map(({ result, finding }) => `${routePhrases[result.route]}: ${certaintyLabels[finding.certainty].toLowerCase()}`).join(', ')
      : certaintyMeanings[strongest]
  }</span>`;
};

const scope = (group: FindingGroup, results: readonly Result[], report: Report): string => {
  const many = new Set(report.results.map(({ target }) => target)).size > 1;
  const members = group.members.map(({ result }) => result);
  const rank = group.root ? (members.every(({ verdict }) => verdict === 'at-risk') ? 'Why it is at risk' : 'Cause') : 'Also found';
  return `${rank} · ${many ? `${members[0]?.target ?? ''}, ` : ''}${routesPhrase(members, results)}`;
};

export const findingCard = (group: FindingGroup, results: readonly Result[], report: Report, anchors: Anchors, id: string): Markup => {
  const [{ finding, result }] = group.members;
  const count = group.members.length;
  const because = mergeClaims(group.members, (one) => one.because);
  const against = mergeClaims(group.members, (one) => one.against);
  const remedy = mergeSteps(group.members, (one) => one.remedy);
  const afterwards = mergeSteps(group.members, (one) => one.checkAfterwards);
  const hasCommands = [...remedy, ...afterwards].some(({ steps }) => steps.some(({ command }) => command !== undefined));
  return markup`<section class="card cause${group.root ? '' : ' also'} is-${group.root ? result.verdict : 'unknown'}" id="${id}">
  <p class="scope"><span>${scope(group, results, report)}</span><code>${finding.id}</code></p>
  <h2>${finding.title}</h2>
  <p class="badges">${certainty(group)}${
    finding.kb === null ? '' : markup`<b>${kbLink(finding.kb)}</b>`
  }${remedy.length > 0 ? markup`<a class="screen-only" href="#${id}-do">To the steps ↓</a>` : ''}</p>
  <div class="columns">
    <div><h3>Why we say so</h3>${because.length > 0 ? claims(because, count, anchors) : markup`<p class="muted">No evidence was recorded.</p>`}</div>
    <div><h3>What would disprove it</h3>${against.length > 0 ? claims(against, count, anchors) : markup`<p class="muted">Nothing seen speaks against it.</p>`}\
</div>
  </div>
  ${
    remedy.length > 0
      ? markup`<div class="do" id="${id}-do"><h3>What to do now</h3>${
          hasCommands ? markup`<p class="small muted screen-only">Click a command to select all of it, then copy.</p>` : ''
        }${stepLists(remedy)}</div>`
      : ''
  }
  ${afterwards.length > 0 ? markup`<h3>How to check afterwards</h3>${stepLists(afterwards)}` : ''}
</section>`;
};
