/** The time axis the drawings of a target's page share. */
import { markup, type Markup } from '../../../reports/html/markup';
import { dayMs, dayText } from '../../../reports/words/time';

export interface Axis {
  readonly from: number;
  readonly to: number;
  /** Width of the whole drawing, and where its data begins, in pixels. */
  readonly width: number;
  readonly left: number;
  readonly font: number;
  readonly name: 'wide' | 'narrow';
}

export const axisOf = (span: { readonly from: string; readonly to: string }, name: Axis['name']): Axis =>
  name === 'wide'
    ? { from: Date.parse(span.from), to: Date.parse(span.to), width: 1180, left: 190, font: 13, name }
    : { from: Date.parse(span.from), to: Date.parse(span.to), width: 340, left: 2, font: 12, name };

const round = (value: number): number => Math.round(value * 10) / 10;

/** Where an instant is drawn; what is outside ends at the edge. */
export const xOf = (ms: number, { from, to, width, left }: Axis): number =>
  round(left + Math.min(1, Math.max(0, (ms - from) / (to - from))) * (width - left - 2));

const stepsMs = [1, 2, 3, 6, 12, 24, 48, 120, 240, 360, 720].map((hours) => hours * 3_600_000);

/** Lines at whole hours or days, with their labels at `y`. */
export const timeTicks = (axis: Axis, bottom: number): Markup => {
  const room = axis.name === 'wide' ? 95 : 66;
  const step = stepsMs.find((ms) => (ms / (axis.to - axis.from)) * (axis.width - axis.left) >= room) ?? 60 * dayMs;
  const first = Math.ceil(axis.from / step) * step;
  const ticks: Markup[] = [];
  for (let ms = first; ms <= axis.to; ms += step) {
    const x = xOf(ms, axis);
    const text =
      step < dayMs
        ? ms % dayMs === 0
          ? dayText(new Date(ms).toISOString()).replace(/ \d{4}$/, '')
          : new Date(ms).toISOString().slice(11, 16)
        : dayText(new Date(ms).toISOString()).replace(/ \d{4}$/, '');
    const anchor = x < axis.left + 20 ? 'start' : x > axis.width - 22 ? 'end' : 'middle';
    ticks.push(
      markup`<path d="M${x} 0V${bottom}" stroke="var(--line)"/><text class="quiet" x="${x}" y="${bottom + axis.font + 3}" text-anchor="${anchor}" \
font-size="${axis.font}">${text}</text>`,
    );
  }
  return markup`${ticks}`;
};
