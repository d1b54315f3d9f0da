import type { Comparison, RouteComparison } from '../../contracts/comparison';
import { listed } from '../facts/wording';

const routeWords = { internal: 'internal claims', ifd: 'IFD' } as const;

/** "sign-in to contoso works over both routes"; with several targets "sign-in works to contoso over both routes and to fabrikam over IFD". */
function said(verb: string, routes: readonly Pick<RouteComparison, 'target' | 'route'>[], all: readonly RouteComparison[]): string {
  const over = (target: string): string => {
    const some = routes.filter((route) => route.target === target);
    const count = all.filter((route) => route.target === target).length;
    return `over ${count > 1 && some.length === count ? 'both routes' : listed(some.map(({ route }) => routeWords[route]))}`;
  };
  const targets = [...new Set(routes.map(({ target }) => target))];
  const [only] = targets;
  if (only !== undefined && new Set(all.map(({ target }) => target)).size === 1) return `sign-in to ${only} ${verb} ${over(only)}`;
  return `sign-in ${verb} ${listed(targets.map((target) => `to ${target} ${over(target)}`))}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const isUp = (health: RouteComparison['before']): boolean => health?.verdict === 'healthy' || health?.verdict === 'at-risk';

/** One sentence a person reads first. */
export function comparisonSummary({
  verdict,
  differences,
  routes,
  notHappened,
}: Pick<Comparison, 'verdict' | 'differences' | 'routes' | 'notHappened'>): string {
  const down = routes.filter(({ before, after }) => after !== null && !isUp(after) && (before === null || isUp(before)));
  const stillDown = routes.filter(({ before, after }) => before !== null && after !== null && !isUp(before) && !isUp(after));
  const up = routes.filter(({ after }) => isUp(after));
  const sentence = (parts: readonly string[]): string => `${parts.filter((part) => part !== '').join('; ')}.`;
  const state = stillDown.length > 0 ? `${said('does not work', stillDown, routes)}, as before` : up.length > 0 ? said('works', up, routes) : '';
  const late = notHappened.length > 0 ? `announced but not seen: ${notHappened.map(({ kind }) => kind).join(', ')}` : '';
  if (verdict === 'same') return sentence([`Nothing has changed`, state, late]);
  const found = differences.filter(({ judged }) => judged === 'unannounced');
  if (verdict === 'intended-change') {
    const kinds = [...new Set(differences.filter(({ judged }) => judged === 'announced').map(({ kind }) => kind))];
    return sentence([
      kinds.length > 0 ? `Changed as announced (${kinds.join(', ')}), and nothing else` : 'Better than before, and nothing is worse',
      state,
      late,
    ]);
  }
  const cause = down.flatMap(({ causes }) => causes.slice(0, 1))[0];
  if (down.length > 0)
    return sentence([
      `${capital(said('no longer works', down, routes))}${cause ? `: ${cause.title}${cause.kb ? ` (KB ${cause.kb})` : ''}` : ''}`,
      up.length > 0 ? `it works ${up.length > 1 ? 'over the others' : `over ${listed([...new Set(up.map(({ route }) => routeWords[route]))])}`}` : '',
      late,
    ]);
  const kinds = [...new Set(found.map(({ kind }) => kind))];
  return sentence([`${found.length === 1 ? 'One thing is' : `${found.length} things are`} different that nobody announced (${kinds.join(', ')})`, state, late]);
}
