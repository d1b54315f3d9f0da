/** A comparison as text for the change ticket (GitHub-flavoured Markdown; reads well unrendered too). */
import type { Comparison, Difference } from '../contracts/comparison';
import { codeSpan, escapeMarkdown } from './markdown';
import { comparisonLabels, decisionWords, judgementHeadings, judgements, nothing, placeOf, routeNameOf, sideName } from './words/comparison';
import { verdictLabels, verdictSymbols } from './words/labels';
import { minuteText, secondText } from './words/time';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const value = (text: string | null): string => (text === null ? nothing : codeSpan(text));

const whyItFails = ({ cause, ...route }: Comparison['routes'][number] & { cause: Comparison['routes'][number]['causes'][number] }): string =>
  [
    `## Why ${escapeMarkdown(routeNameOf(route))} does not work: ${escapeMarkdown(cause.title)}${cause.kb === null ? '' : ` (KB ${escapeMarkdown(cause.kb)})`}`,
    cause.because.map(({ text }) => `- ${escapeMarkdown(text)}`).join('\n'),
    `**What to do**\n\n${cause.remedy
      .map(({ text, command }, index) => `${index + 1}. ${escapeMarkdown(text)}${command === undefined ? '' : ` ${codeSpan(command)}`}`)
      .join('\n')}`,
  ].join('\n\n');

/** Every value is escaped, so neither Markdown nor HTML of a probed server takes effect. */
export const renderComparisonMarkdown = (comparison: Comparison): string => {
  const { comparison: about, verdict, decision, summary, before, after, routes, differences, notHappened, timings, notCompared } = comparison;
  const health = (side: Comparison['routes'][number]['before']): string =>
    side ? `${verdictSymbols[side.verdict].replace('!', '\\!')} ${verdictLabels[side.verdict]}` : '– not tried';
  const one = (difference: Difference): string =>
    [
      `- **${escapeMarkdown(difference.where)}** (${escapeMarkdown(placeOf(difference, comparison))}; ${codeSpan(difference.kind)})`,
      `  - before: ${value(difference.before)}`,
      `  - after: ${value(difference.after)}`,
      `  - ${escapeMarkdown(difference.meaning)}`,
    ].join('\n');
  const causes = routes.flatMap((route) => route.causes.slice(0, 1).map((cause) => ({ ...route, cause })));
  return `${[
    `# ${comparisonLabels[verdict]}: ${escapeMarkdown(summary)}`,
    about.change === null ? null : `Change ${escapeMarkdown(about.change)}: **${decisionWords[decision]}**`,
    `Announced: ${about.expect.length > 0 ? about.expect.map(codeSpan).join(', ') : 'nothing'}`,
    table(
      ['', 'Before', 'After'],
      [
        ['', escapeMarkdown(sideName(before)), escapeMarkdown(sideName(after))],
        ['Last sign-in', minuteText(before.at), minuteText(after.at)],
        ...routes.map((route) => [escapeMarkdown(routeNameOf(route)), health(route.before), health(route.after)]),
      ],
    ),
    ...causes.map(whyItFails),
    ...judgements.flatMap((judged) => {
      const some = differences.filter((difference) => difference.judged === judged);
      return some.length > 0 ? [`## ${judgementHeadings[judged]} (${some.length})`, some.map(one).join('\n')] : [];
    }),
    ...(notHappened.length > 0
      ? ['## Announced, but not seen', notHappened.map(({ kind, text }) => `- ${codeSpan(kind)}: ${escapeMarkdown(text)}`).join('\n')]
      : []),
    ...(timings.length > 0
      ? [
          '## Time',
          timings
            .filter(({ what }) => what === 'total')
            .map(({ text, ...route }) => `- ${escapeMarkdown(routeNameOf(route))}: ${escapeMarkdown(text)}`)
            .join('\n'),
        ]
      : []),
    ...(notCompared.length > 0
      ? [
          '## Not compared',
          notCompared.map((item) => `- ${escapeMarkdown(item.what)} (${escapeMarkdown(placeOf(item, comparison))}): ${escapeMarkdown(item.why)}`).join('\n'),
        ]
      : []),
    `---\n\nComparison ${codeSpan(about.id)}, ${secondText(about.at)}; signin-probe ${escapeMarkdown(about.tool)}. ` +
      `Before: ${runsText(before.runs)}. After: ${runsText(after.runs)}.`,
  ]
    .filter((part) => part !== null)
    .join('\n\n')}\n`;
};

const runsText = (runs: readonly string[]): string => `run${runs.length === 1 ? '' : 's'} ${runs.map(codeSpan).join(', ')}`;
