import type { Baseline, RouteState } from '../contracts/baseline';
import type { ChangeKind, Comparison, ComparisonVerdict, Difference, DifferenceJudgement, RouteComparison, Side } from '../contracts/comparison';
import { compareRoute } from './compare/compare-route';
import { works } from './compare/compare-health';
import { comparisonSummary } from './compare/comparison-summary';
import { kindWords } from './compare/kind-words';

export interface CompareOptions {
  readonly id: string;
  /** When the comparison is made, ISO. */
  readonly at: string;
  readonly tool: string;
  readonly change: string | null;
  /** What is meant to change. */
  readonly expect: readonly ChangeKind[];
}

/** Findings first, then what was announced, then the rest. */
const order: readonly DifferenceJudgement[] = ['unannounced', 'announced', 'better', 'noted', 'follows'];

/**
 * Two comparable states side by side. Pure. What nobody announced makes a regression, whatever it is: the change manager decides what to do about it.
 * A route whose outcome afterwards is unknown counts as not working.
 */
export function compare(before: Baseline, after: Baseline, { id, at, tool, change, expect }: CompareOptions): Comparison {
  const expected = [...new Set(expect)];
  const pairs = pairsOf(before.states, after.states);
  const outcomes = pairs.flatMap(({ a, b }) => (a && b ? [{ target: b.target, route: b.route, ...compareRoute(a, b, expected) }] : []));
  const differences = [
    ...pairs.flatMap(({ a, b }) => missing(a, b, expected)),
    ...merged(outcomes.flatMap(({ target, route, differences: all }) => all.map(({ id: aspect, ...one }) => ({ aspect, target, route, ...one })))),
  ].sort((x, y) => order.indexOf(x.judged) - order.indexOf(y.judged) || Number(y.kind === 'sign-in') - Number(x.kind === 'sign-in'));
  const judged = (one: DifferenceJudgement): boolean => differences.some((difference) => difference.judged === one);
  const verdict: ComparisonVerdict = judged('unannounced') ? 'regression' : judged('announced') || judged('better') ? 'intended-change' : 'same';
  const routes = pairs.map(({ a, b }) => routeOf(a, b));
  const notHappened = expected
    .filter((kind) => !differences.some((difference) => difference.kind === kind || (kind === 'routes' && difference.kind === 'routes')))
    .map((kind) => ({ kind, text: `${kindWords[kind]} was announced, and nothing of the kind was seen to change.` }));
  return {
    schema: 1,
    comparison: { id, at, tool, change, expect: expected },
    verdict,
    decision: verdict !== 'regression' && after.states.every(works) ? 'go' : 'roll-back',
    summary: comparisonSummary({ verdict, differences, routes, notHappened }),
    before: sideOf(before),
    after: sideOf(after),
    routes,
    differences,
    notHappened,
    timings: outcomes.flatMap(({ timings }) => timings),
    same: together(
      outcomes.flatMap(({ target, route, same }) => same.map((one) => ({ target, route, ...one }))),
      ({ target, id: aspect, value }) => [target, aspect, value].join('\n'),
    ).map(({ id: _id, ...one }) => one),
    notCompared: together(
      outcomes.flatMap(({ target, route, notCompared }) => notCompared.map((one) => ({ target, route, ...one }))),
      ({ target, what, why }) => [target, what, why].join('\n'),
    ),
  };
}

interface Pair {
  readonly a: RouteState | null;
  readonly b: RouteState | null;
}

function pairsOf(before: readonly RouteState[], after: readonly RouteState[]): Pair[] {
  const find = (states: readonly RouteState[], { target, route }: RouteState): RouteState | null =>
    states.find((state) => state.target === target && state.route === route) ?? null;
  return [...before.map((a) => ({ a, b: find(after, a) })), ...after.filter((b) => find(before, b) === null).map((b) => ({ a: null, b }))];
}

/** A route that only one side has. */
function missing(a: RouteState | null, b: RouteState | null, expected: readonly ChangeKind[]): Difference[] {
  const one = a ?? b;
  if (!one || (a && b)) return [];
  return [
    {
      target: one.target,
      routes: [one.route],
      kind: 'routes',
      where: 'Route',
      before: a && a.summary,
      after: b && b.summary,
      meaning: a
        ? 'This route was not tried afterwards: nothing is known about it.'
        : works(one)
          ? 'This route was not tried before; it works.'
          : `This route was not tried before; sign-in does not work over it. ${one.summary}`,
      judged: expected.includes('routes') ? 'announced' : a || !works(one) ? 'unannounced' : 'noted',
    },
  ];
}

/** What is the same on several routes of a target is told once. */
function merged(all: readonly (Omit<Difference, 'routes'> & { readonly aspect: string; readonly route: RouteState['route'] })[]): Difference[] {
  return together(all, ({ target, aspect, before, after, judged }) => [target, aspect, before, after, judged].join('\n')).map(
    ({ aspect: _aspect, ...one }) => one,
  );
}

function together<One extends { readonly route: RouteState['route'] }>(
  all: readonly One[],
  keyOf: (one: One) => string,
): (Omit<One, 'route'> & { routes: RouteState['route'][] })[] {
  const groups = new Map<string, Omit<One, 'route'> & { routes: RouteState['route'][] }>();
  for (const one of all) {
    const { route, ...rest } = one;
    const known = groups.get(keyOf(one));
    if (known) known.routes.push(route);
    else groups.set(keyOf(one), { ...rest, routes: [route] });
  }
  return [...groups.values()];
}

function routeOf(a: RouteState | null, b: RouteState | null): RouteComparison {
  const one = b ?? a;
  if (!one) throw new Error('expected a route of one side at least');
  const health = (state: RouteState | null): RouteComparison['before'] =>
    state && { verdict: state.verdict, summary: state.summary, method: state.method, signedInAs: state.user?.name ?? null };
  return {
    target: one.target,
    route: one.route,
    before: health(a),
    after: health(b),
    causes: b && !works(b) ? b.causes.map(({ id, title, kb, certainty, because, remedy }) => ({ id, title, kb, certainty, because, remedy })) : [],
  };
}

function sideOf({ name, savedAt, label, runs, tool, browser }: Baseline): Side {
  const ids = runs.map(({ id }) => id);
  return {
    kind: name === null ? 'run' : 'baseline',
    name: name ?? ids.at(-1) ?? 'unnamed',
    at: runs.at(-1)?.startedAt ?? savedAt,
    label,
    runs: ids,
    tool,
    browser,
  };
}
