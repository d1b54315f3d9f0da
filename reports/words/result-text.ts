/** One result as plain lines, for places without layout (JUnit, logs). Not escaped for any format. */
import type { Result } from '../../contracts/report';
import { certaintyLabels } from './labels';
import { answerText, requestText } from './hop';

/** Causes with their proof and remedy; for an unexplained failure the last exchange. */
export const textOfResult = (result: Result): string => {
  const causes = result.causes.flatMap((finding) => [
    `${finding.title} (` +
      [finding.kb === null ? null : `KB ${finding.kb}`, certaintyLabels[finding.certainty].toLowerCase()].filter((part) => part !== null).join(', ') +
      `) [${finding.id}]`,
    ...finding.because.map(({ text }) => `  because: ${text}`),
    ...finding.against.map(({ text }) => `  against: ${text}`),
    ...finding.remedy.flatMap(({ text, command }, index) => [`  ${index + 1}. ${text}`, ...(command === undefined ? [] : [`     ${command}`])]),
  ]);
  const last = result.exchange.at(-1);
  const lastLine = result.causes.length === 0 && last ? [`Last exchange: ${last.seq}. ${requestText(last, '')}, ${answerText(last, result)}`] : [];
  return [result.why, ...causes, ...lastLine].join('\n');
};
