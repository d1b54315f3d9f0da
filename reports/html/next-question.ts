/** The one question that would tell most where the diagnosis is not sure. */
import type { Result } from '../../contracts/report';
import { questionsOf } from '../words/next-question';
import { commandBlock } from './finding-card';
import { markup, type Markup } from './markup';

export const nextQuestions = (results: readonly Result[]): Markup =>
  markup`${questionsOf(results).map(
    ({ ask, command, settles }) => markup`<section class="card"><h2>Next question</h2>
<p>${ask}</p>${command === null ? '' : commandBlock(command)}
${settles.length === 0 ? '' : markup`<ul>${settles.map(({ answer, means }) => markup`<li>${answer}: <code>${means}</code></li>`)}</ul>`}
</section>`,
  )}`;
