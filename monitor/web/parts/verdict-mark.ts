import type { Overview, SlotState, SlotVerdict } from '../../../contracts/monitoring';
import { markup, type Markup } from '../../../reports/html/markup';
import { missedLabels, slotStateLabels, slotStateSymbols } from '../view/words';

/** The state in a word and a shape. */
export const verdictMark = (state: SlotState | SlotVerdict | null): Markup =>
  state === null
    ? markup`<span class="mark is-none"><span aria-hidden="true">·</span>No result yet</span>`
    : markup`<span class="mark is-${state}"><span aria-hidden="true">${slotStateSymbols[state]}</span>${slotStateLabels[state]}</span>`;

/** That the newest slot was missed: what is shown is older than it should be. */
export const missingMark = ({ missing }: Pick<Overview, 'missing'>): Markup | null =>
  missing === null ? null : markup`<span class="mark is-missed"><span aria-hidden="true">–</span>Last slot missed: ${missedLabels[missing]}</span>`;
