/** `report.md`: the report as text for a ticket (GitHub-flavoured Markdown; reads well unrendered too). */
import type { NextQuestion, Report, Result } from '../contracts/report';
import {
  type FindingGroup,
  findingGroupsOf,
  isUnexplained,
  lastExchangeOf,
  type MergedClaim,
  mergeClaims,
  mergeSteps,
  referencesOf,
  type StepList,
  strongestCertainty,
  targetsOf,
} from './findings';
import { inBrackets, zoneWords } from './words/event-zone';
import { answerText, requestText } from './words/hop';
import { oneLine, safeText, shorten } from './safe-text';
import { questionsOf } from './words/next-question';
import { endingLines } from './words/expiries';
import { headlineOf, routesPhrase } from './words/headline';
import {
  certaintyLabels,
  certaintyMeanings,
  certificateRoleLabels,
  routeLabels,
  routePhrases,
  signedInSentence,
  stageLabels,
  symptomSentences,
  verdictLabels,
  verdictSymbols,
} from './words/labels';
import { kbAddress, referenceLabel } from './words/references';
import { dayText, durationText, minuteText, offsetText, secondText, whenText } from './words/time';

/** Text that Markdown and HTML leave alone, also inside a table; one line. */
export const escapeMarkdown = (value: string): string =>
  oneLine(value)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]#|~!]/g, '\\$&')
    .replace(/^([-+=])/, '\\$1')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');

/** A code span, whatever back-ticks the text holds; pipes escaped, so that it may stand in a table. */
export const codeSpan = (value: string): string => {
  const text = oneLine(value).replace(/\|/g, '\\|') || ' ';
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
};

/** A fenced block, whatever back-ticks the text holds. */
export const codeBlock = (value: string, indent: string): string => {
  const text = safeText(value).replace(/\r\n?/g, '\n');
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return [fence, ...text.split('\n'), fence].map((line) => indent + line).join('\n');
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const claim = (merged: MergedClaim, routes: number): string => {
  const { text, sources } = merged;
  const route = routes > 1 && sources.length === 1 && sources[0] ? `**${routeLabels[sources[0].result.route]}:** ` : '';
  const { own, common } = referencesOf(merged);
  const names = (refs: readonly string[]): string => refs.map((reference) => escapeMarkdown(referenceLabel(reference))).join(', ');
  const references = [
    ...own.map(({ result, refs }) => `${sources.length > 1 ? `${routePhrases[result.route]}: ` : ''}${names(refs)}`),
    ...(common ? [names(common.refs)] : []),
  ];
  return `- ${route}${escapeMarkdown(text)}${references.length > 0 ? ` (${references.join('; ')})` : ''}`;
};

const steps = (lists: readonly StepList[]): string =>
  lists
    .map(({ results, steps: list }) =>
      [
        ...(lists.length > 1 ? [`**${results.map(({ route }) => routeLabels[route]).join(' and ')}**\n`] : []),
        ...list.map(({ text, command }, index) => `${index + 1}. ${escapeMarkdown(text)}${command === undefined ? '' : `\n\n${codeBlock(command, '   ')}\n`}`),
      ]
        .join('\n')
        .trimEnd(),
    )
    .join('\n\n');

const finding = (group: FindingGroup, results: readonly Result[]): string => {
  const [{ finding: first, result }] = group.members;
  const certainty = strongestCertainty(group);
  const address = first.kb === null ? null : kbAddress(first.kb);
  const kb = first.kb === null ? '' : address ? `, [KB ${first.kb}](${address})` : `, KB ${escapeMarkdown(first.kb)}`;
  const routes = group.members.length;
  const because = mergeClaims(group.members, (one) => one.because);
  const against = mergeClaims(group.members, (one) => one.against);
  const remedy = mergeSteps(group.members, (one) => one.remedy);
  const afterwards = mergeSteps(group.members, (one) => one.checkAfterwards);
  return [
    `## ${group.root ? (result.verdict === 'at-risk' ? 'Risk' : 'Cause') : 'Also found'}: ${escapeMarkdown(first.title)}`,
    `**${certaintyLabels[certainty]}** (${certaintyMeanings[certainty]})${kb}; ${routesPhrase(
      group.members.map(({ result }) => result),
      results,
    )}; ${codeSpan(first.id)}`,
    ...(because.length > 0 ? ['### Why we say so', because.map((one) => claim(one, routes)).join('\n')] : []),
    '### What would disprove it',
    against.length > 0 ? against.map((one) => claim(one, routes)).join('\n') : 'Nothing seen speaks against it.',
    ...(remedy.length > 0 ? ['### What to do now', steps(remedy)] : []),
    ...(afterwards.length > 0 ? ['### How to check afterwards', steps(afterwards)] : []),
  ].join('\n\n');
};

const withoutCause = (result: Result): string => {
  const last = lastExchangeOf(result);
  const page = result.pages.at(-1);
  return [
    `## ${isUnexplained(result) ? 'Unexplained: none of the known causes fits' : 'Could not tell'} (${routePhrases[result.route]})`,
    escapeMarkdown(result.why),
    ...(last
      ? [`Last exchange: ${last.seq}, ${codeSpan(`${last.method} ${shorten(last.url, 200)}`)}, answer ${escapeMarkdown(answerText(last, result))}.`]
      : []),
    ...(page ? [`Last page: “${escapeMarkdown(page.title)}”.`] : []),
    ...(result.serverEvents.length > 0 ? [result.serverEvents.map(serverEvent).join('\n')] : []),
    ...(result.captureErrors.length > 0
      ? [result.captureErrors.map(({ capture, why }) => `- ${escapeMarkdown(capture)}: ${escapeMarkdown(why)}`).join('\n')]
      : []),
  ].join('\n\n');
};

const routeRow = (result: Result, now: string): string[] => [
  escapeMarkdown(result.target),
  routeLabels[result.route],
  `${verdictSymbols[result.verdict].replace('!', '\\!')} **${verdictLabels[result.verdict]}**`,
  result.signedIn === 'yes'
    ? `Signed in${result.signedInAs ? ` as ${escapeMarkdown(result.signedInAs)}` : ''} in ${durationText(result.timings.totalMs)}`
    : `${signedInSentence(result)}${result.signedIn === 'no' && result.symptom !== 'none' ? ` ${symptomSentences[result.symptom]}` : ''}` +
      (result.failedAt ? ` Stopped at: ${stageLabels[result.failedAt]}.` : ''),
  result.forecast.breaksAt ? `${dayText(result.forecast.breaksAt)}, ${whenText(now, result.forecast.breaksAt)}` : '–',
];

/** What is known from the last good sign-in alone is published no longer. */
const rankOf = ({ primary, role, seenIn }: Result['certificates'][number]): string => {
  if (role === 'sts-signing' && seenIn.every((where) => where === 'last-good')) return ', no longer published';
  return primary === null ? '' : primary ? ', primary' : ', not primary';
};

const evidence = (result: Result, heading: string): string => {
  const rows = result.exchange.map((exchange) => [
    String(exchange.seq),
    codeSpan(requestText(exchange, '')),
    codeSpan(answerText(exchange, result)),
    exchange.durationMs === null ? '–' : durationText(exchange.durationMs),
  ]);
  const certificates = result.certificates.map((one) => [
    `${certificateRoleLabels[one.role]}${rankOf(one)}`,
    escapeMarkdown(one.subject),
    codeSpan(one.sha1),
    `${dayText(one.notBefore)} to ${dayText(one.notAfter)}`,
  ]);
  const clocks = result.clocks.map(
    ({ host, offsetMs, uncertaintyMs, source }) => `- ${escapeMarkdown(host)}: ${offsetText(offsetMs)} (± ${durationText(uncertaintyMs)}, from ${source})`,
  );
  return [
    `## ${heading}`,
    escapeMarkdown(result.why),
    ...(rows.length > 0 ? [table(['#', 'Request', 'Answer', 'Time'], rows)] : []),
    ...(certificates.length > 0 ? ['### Certificates', table(['Role', 'Subject', 'SHA-1', 'Valid'], certificates)] : []),
    ...(clocks.length > 0 ? ['### Clocks', clocks.join('\n')] : []),
    ...(result.serverEvents.length > 0 ? ['### Server events', result.serverEvents.map(serverEvent).join('\n')] : []),
    ...(result.ruledOut.length > 0 ? ['### Ruled out', result.ruledOut.map(({ id, why }) => `- ${codeSpan(id)}: ${escapeMarkdown(why)}`).join('\n')] : []),
    ...(result.notJudged.length > 0
      ? ['### Could not be judged', result.notJudged.map(({ id, why }) => `- ${codeSpan(id)}: ${escapeMarkdown(why)}`).join('\n')]
      : []),
  ].join('\n\n');
};

const nextQuestion = ({ ask, command, settles }: NextQuestion): string =>
  [
    '## Next question',
    escapeMarkdown(ask),
    ...(command === null ? [] : [codeSpan(command)]),
    ...(settles.length === 0 ? [] : [settles.map(({ answer, means }) => `- ${escapeMarkdown(answer)}: ${codeSpan(means)}`).join('\n')]),
  ].join('\n\n');

const serverEvent = ({ source, id, at, zone, text }: Result['serverEvents'][number]): string =>
  `- ${escapeMarkdown(source)}${id === null ? '' : ` ${id}`}, ${secondText(at)}${escapeMarkdown(inBrackets(zoneWords(zone)))}: ${escapeMarkdown(text)}`;

/** The report as Markdown; every value is escaped, so neither Markdown nor HTML of a probed server takes effect. */
export const renderMarkdown = (report: Report): string => {
  const { run } = report;
  const targets = targetsOf(report);
  const ending = endingLines(report.results, run.finishedAt);
  const sections = targets.flatMap(({ target, results }) => [
    ...findingGroupsOf(results).map((group) => finding(group, results)),
    ...results.filter(({ causes, verdict }) => causes.length === 0 && (verdict === 'broken' || verdict === 'unknown')).map(withoutCause),
    ...questionsOf(results).map(nextQuestion),
    ...results
      .filter(({ verdict }) => verdict !== 'healthy')
      .map((result) => evidence(result, `Evidence: ${escapeMarkdown(target)}, ${routePhrases[result.route]}`)),
  ]);
  return `${[
    `# ${escapeMarkdown(headlineOf(report))}`,
    `${minuteText(run.finishedAt)}${run.label === null ? '' : `, ${escapeMarkdown(run.label)}`}${
      run.location === null ? '' : `, from ${escapeMarkdown(run.location)}`
    }`,
    table(
      ['Target', 'Route', 'Verdict', 'Sign-in', 'Next break'],
      report.results.map((result) => routeRow(result, run.finishedAt)),
    ),
    ...(ending.length > 0 ? [ending.map((line) => `- Ends soon: ${escapeMarkdown(line)}`).join('\n')] : []),
    ...sections,
    `---\n\nRun ${codeSpan(run.id)}, ${secondText(run.startedAt)}; signin-probe ${escapeMarkdown(run.tool)}, ${escapeMarkdown(run.browser)}.`,
  ].join('\n\n')}\n`;
};
