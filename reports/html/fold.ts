/** Evidence of a route that works is folded away: it is proof, not news. */
import type { Result } from '../../contracts/report';
import { routeLabels } from '../words/labels';
import { markup, type Markup } from './markup';

/** One route's part of a section: open with a heading where something is wrong, folded where it works. */
export const routePart = (result: Result, results: readonly Result[], body: Markup): Markup => {
  const mixed = results.some(({ signedIn }) => signedIn !== 'yes');
  if (mixed && result.signedIn === 'yes')
    return markup`<div class="folds"><details><summary>${routeLabels[result.route]} (works)</summary>${body}</details></div>`;
  return markup`${results.length > 1 ? markup`<h3>${routeLabels[result.route]}</h3>` : ''}${body}`;
};
