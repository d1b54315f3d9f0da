import type { RouteEvidence } from '../../contracts/evidence';
import type { Result } from '../../contracts/report';
import type { Certainty } from '../../contracts/words';
import { atLeastAsCertain } from '../define-rule';
import { diagnose } from '../diagnose';
import { tokenPosts } from '../facts/token-post';

/** Test material: what must hold of every report, and of two of them when one saw less. Each function gives what does not hold, as sentences. */

/** The report on one route alone. */
export function resultOf(evidence: RouteEvidence): Result {
  const { startedAt } = evidence;
  const run = { id: 'run', startedAt, finishedAt: startedAt, label: null, location: null, tool: '1', browser: 'test' };
  const [result] = diagnose({ schema: 1, run, results: [evidence] }).results;
  if (!result) throw new RangeError('resultOf: expected one result');
  return result;
}

/** The highest certainty a cause may have with less, by what it had with all of it. */
export const mostWithLess = (before: Certainty | undefined): Certainty => before ?? 'probable';

export const rises = (whole: Result, less: Result): readonly string[] =>
  less.causes.flatMap(({ id, certainty }) => {
    const before = whole.causes.find((cause) => cause.id === id)?.certainty;
    return atLeastAsCertain(mostWithLess(before), certainty) ? [] : [`${id} rises from ${before ?? 'not found'} to ${certainty}`];
  });

/** Whether a reference leads to something in this evidence; a certificate to one the report lists. */
function leadsSomewhere(reference: string, evidence: RouteEvidence, certificates: Result['certificates']): boolean {
  const [kind, value = ''] = [reference.split(':')[0], reference.slice(reference.indexOf(':') + 1)];
  const hosts = { clock: evidence.clocks, tls: evidence.tls, dns: evidence.dns };
  const numbers = {
    exchange: evidence.exchanges.map(({ seq }) => seq),
    page: evidence.pages.map(({ n }) => n),
    'server-event': evidence.serverEvents.map(({ n }) => n),
  };
  const single: Readonly<Record<string, boolean>> = {
    token: evidence.token !== null || evidence.diagnosticToken !== null,
    wsdl: evidence.wsdl !== null,
    'last-good': evidence.lastGood !== null,
    'repair-on-record': evidence.repairOnRecord !== null,
    'metadata:crm': evidence.crmMetadata !== null,
    'metadata:sts': evidence.stsMetadata !== null || evidence.stsSamples !== null || evidence.nodes.length > 0,
  };
  if (kind === 'certificate') return certificates.some(({ sha1 }) => sha1 === value);
  if (kind !== undefined && kind in hosts) return hosts[kind as keyof typeof hosts].some(({ host }) => host === value);
  if (kind !== undefined && kind in numbers) return numbers[kind as keyof typeof numbers].includes(Number(value));
  return single[reference] ?? false;
}

const deadReferences = ({ causes, certificates }: Result, evidence: RouteEvidence): readonly string[] =>
  causes.flatMap(({ id, because, against }) =>
    [...because, ...against].flatMap(({ text, refs }) =>
      refs.filter((reference) => !leadsSomewhere(reference, evidence, certificates)).map((reference) => `${id} refers to ${reference} in "${text}"`),
    ),
  );

/** By which words a sentence shows that it speaks of a part. */
const parts: readonly (readonly [string, RegExp, (evidence: RouteEvidence) => boolean])[] = [
  [
    "CRM's metadata",
    /CRM's (federation )?metadata|CRM (still )?publishes|publishes the same scopes|among CRM's scopes/,
    ({ crmMetadata }) => crmMetadata !== null,
  ],
  ["CRM's WSDL", /\bWSDL\b/, ({ wsdl }) => wsdl !== null],
  ['the last good sign-in', /last good (sign-in|run)/, ({ lastGood }) => lastGood !== null],
  ['an event log', /server's event/, ({ serverEvents }) => serverEvents.length > 0],
  ['clocks', /STS's clock|CRM's clock/, ({ clocks }) => clocks.length > 0],
  ['the token', /\btoken is (for|encrypted|readable|signed)/, ({ token, diagnosticToken }) => token !== null || diagnosticToken !== null],
  [
    "the STS's metadata",
    /STS's metadata|AD FS publishes|signs the metadata|AD FS's metadata/,
    ({ stsMetadata, stsSamples, nodes }) => stsMetadata !== null || stsSamples !== null || nodes.length > 0,
  ],
];
/** Words that say of a part that it is not there, or what it would show. */
const saysMissing =
  /\bnot\b[^.;]{0,60}\b(captured|read|known|recorded|on record|seen|tell|there)\b|could not|cannot|\bno last good\b|\bno (exchange|certificate|clock)|\bunknown\b|\bwould\b|\bneither\b/i;

/** What is said as proof, or to rule a cause out, of a part that is not there; and thumbprints that stand nowhere in the evidence. */
function speaksOfAbsent({ causes, ruledOut }: Result, evidence: RouteEvidence): readonly string[] {
  const all = JSON.stringify(evidence);
  const said = [...causes.flatMap(({ id, because }) => because.map(({ text }) => ({ id, text }))), ...ruledOut.map(({ id, why }) => ({ id, text: why }))];
  return said.flatMap(({ id, text }) => [
    ...parts
      .filter(([, words, isThere]) => words.test(text) && !saysMissing.test(text) && !isThere(evidence))
      .map(([part]) => `${id} speaks of ${part}: "${text}"`),
    ...[...text.matchAll(/\b([0-9A-F]{8})…/g)].filter(([, start]) => start && !all.includes(start)).map(([found]) => `${id} names ${found}: "${text}"`),
  ]);
}

/** KB 2686840 beside a token that was taken. */
const kbBesideTakenToken = ({ causes }: Result, evidence: RouteEvidence): readonly string[] =>
  tokenPosts(evidence).at(-1)?.answer.kind.startsWith('accepted')
    ? causes.filter(({ kb }) => kb !== null).map(({ id }) => `${id} beside a token that was taken`)
    : [];

/** Rules that threw. */
const thrown = ({ notJudged }: Result): readonly string[] =>
  notJudged.filter(({ why }) => why.startsWith('The rule itself failed')).map(({ id, why }) => `${id}: ${why}`);

/** Everything that must hold of one report by itself. */
export const wrongOf = (result: Result, evidence: RouteEvidence): readonly string[] => [
  ...deadReferences(result, evidence),
  ...speaksOfAbsent(result, evidence),
  ...kbBesideTakenToken(result, evidence),
  ...thrown(result),
];
