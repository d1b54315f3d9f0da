/** `repair.md`: the record of a repair as text for a ticket. */
import type { Repair, RepairProbing, RepairStep } from '../contracts/repair';
import { codeBlock, codeSpan, escapeMarkdown } from './markdown';
import { routeLabels } from './words/labels';
import { firstUpper, probingWords, reportLink, standingKeys, standingLabels, stateHeadlines, stepLabels, stepMarks, summaryWords } from './words/repair';
import { secondText } from './words/time';

const step = ({ n, where, text, command, values, state, at, seen }: RepairStep): string =>
  [
    `- [${state === 'seen' || state === 'reported' ? 'x' : ' '}] **${n}.** ${escapeMarkdown(firstUpper(where))}: ${escapeMarkdown(text)}`,
    ...(command === null ? [] : ['', codeBlock(command, '  '), '']),
    ...values.map(({ name, value }) => `  - ${escapeMarkdown(name)}: ${escapeMarkdown(value)}`),
    `  - ${stepMarks[state].trim() ? `${stepMarks[state]} ` : ''}${stepLabels[state]}${at === null ? '' : `, ${secondText(at)}`}` +
      (seen === null ? '' : `. ${escapeMarkdown(seen)}`),
  ].join('\n');

const probing = ({ at, runId, report, routes }: RepairProbing, words: string): string =>
  [
    `### ${secondText(at)}, ${words}`,
    `| Route | Sign-in | ${standingKeys.map((key) => standingLabels[key]).join(' | ')} |`,
    '| --- | --- | --- | --- | --- |',
    ...routes.map((route) =>
      [
        '',
        routeLabels[route.route],
        escapeMarkdown(route.signedIn === 'yes' ? `works${route.signedInAs ? `, as ${route.signedInAs}` : ''}` : summaryWords(route)),
        ...standingKeys.map((key) => escapeMarkdown(`${route[key].is}: ${route[key].why}`)),
        '',
      ]
        .join(' | ')
        .trim(),
    ),
    '',
    reportLink(report) ? `[Report of run ${escapeMarkdown(runId)}](${report})` : `Report of run ${escapeMarkdown(runId)}`,
  ].join('\n');

export const renderRepairMarkdown = (repair: Repair): string =>
  `${[
    `# ${escapeMarkdown(stateHeadlines[repair.state](repair.target))}`,
    escapeMarkdown(repair.why),
    '## What was seen',
    ...repair.probings.map((one, index) => probing(one, probingWords(repair, index))),
    '## Steps (KB 2686840)',
    ...repair.rounds.map(({ n, title }) =>
      [`### Round ${n}. ${escapeMarkdown(title)}`, '', ...repair.steps.filter(({ round }) => round === n).map(step)].join('\n'),
    ),
    ...(repair.notes.length > 0 ? ['## Notes', repair.notes.map(({ at, text }) => `- ${secondText(at)}: ${escapeMarkdown(text)}`).join('\n')] : []),
    `Record ${codeSpan(repair.id)}, begun ${secondText(repair.startedAt)}, last change ${secondText(repair.updatedAt)}. ` +
      `signin-probe ${escapeMarkdown(repair.tool)} ran nothing on the servers. All times are UTC.`,
  ].join('\n\n')}\n`;
