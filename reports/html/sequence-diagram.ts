/** Who talked to whom: AD FS left, the browser in the middle, CRM right; so no arrow crosses another lifeline. Drawn twice, for wide and for narrow screens. */
import type { Exchange } from '../../contracts/evidence';
import type { Result } from '../../contracts/report';
import { lastExchangeOf } from '../findings';
import { routeLabels } from '../words/labels';
import { durationText } from '../words/time';
import { fitText } from './drawing-text';
import { addressParts, answerText, hopSentence, noteText, partyOf, requestText } from '../words/hop';
import { markup, type Markup } from './markup';

interface Layout {
  readonly name: 'wide' | 'narrow';
  readonly width: number;
  readonly font: number;
  readonly hop: number;
  readonly head: number;
}

const layouts: readonly Layout[] = [
  { name: 'wide', width: 860, font: 12, hop: 58, head: 58 },
  { name: 'narrow', width: 340, font: 10.5, hop: 58, head: 54 },
];

/** A loop can have hundreds of hops; the first and the last tell the story, the rows below have all. */
const mostHops = 36;

const arrow = (x: number, y: number, direction: 1 | -1): Markup => markup`<path d="M${x} ${y}l${-8 * direction} -4.5v9z" fill="currentColor" stroke="none"/>`;

interface Sides {
  readonly left: number;
  readonly middle: number;
  readonly right: number;
}

/** No answer, or a refusal that asks for nothing. */
const hasFailed = ({ status, challenges }: Exchange): boolean => status === null || (status >= 400 && challenges.length === 0);

const timeText = ({ startedAtMs, durationMs }: Exchange, { name }: Layout, ended: boolean): string => {
  const time = durationMs === null ? '' : durationText(durationMs);
  if (name !== 'wide') return ended ? `✕ ended${time === '' ? '' : `, ${time}`}` : time;
  const at = `at ${durationText(startedAtMs)}${time === '' ? '' : `, took ${time}`}`;
  return ended ? `✕ sign-in ended here, ${at}` : at;
};

const drawHop = (
  exchange: Exchange,
  index: number,
  result: Result,
  layout: Layout,
  sides: Sides,
  mainHosts: { sts: string; crm: string },
  ended: boolean,
): Markup => {
  const party = partyOf(exchange, result);
  const [far, opposite, outward] = party === 'sts' ? ([sides.left, sides.right, -1] as const) : ([sides.right, sides.left, 1] as const);
  const near = sides.middle + outward * 12;
  const top = layout.head + index * layout.hop;
  const [requestY, answerY] = [top + layout.hop * 0.4, top + layout.hop * 0.82];
  const span = Math.abs(far - near) - 20;
  const centre = (far + near) / 2;
  const tone = ended || hasFailed(exchange) ? 'bad' : '';
  const asideX = sides.middle - outward * 22;
  const asideAnchor = outward === 1 ? 'end' : 'start';
  const asideWidth = Math.abs(opposite - asideX) - 14;
  const aside = (value: string, y: number, style: string): Markup =>
    markup`<text class="${style}" x="${asideX}" y="${y}" text-anchor="${asideAnchor}" font-size="${layout.font - 0.5}">\
${fitText(value, asideWidth, layout.font - 0.5)}</text>`;
  return markup`<g>${
    ended
      ? markup`<rect x="1" y="${top + 2}" width="${layout.width - 2}" height="${layout.hop - 1}" rx="6" fill="var(--broken-soft)" stroke="var(--broken)"/>`
      : ''
  }
<g color="var(--muted)" stroke="currentColor" stroke-width="1.4" fill="none"><path d="M${near} ${requestY}H${far - outward * 2}"/>\
${arrow(far - outward * 2, requestY, outward)}</g>
<g color="var(${tone === 'bad' ? '--broken' : '--muted'})" stroke="currentColor" stroke-width="1.4" fill="none">\
<path stroke-dasharray="5 3" d="M${far} ${answerY}H${near}"/>${arrow(near, answerY, outward === 1 ? -1 : 1)}</g>
<text x="${centre}" y="${requestY - 6}" text-anchor="middle" font-size="${layout.font}">${fitText(requestText(exchange, mainHosts[party]), span, layout.font)}\
</text>
<text class="${tone} strong" x="${centre}" y="${answerY - 6}" text-anchor="middle" font-size="${layout.font}">\
${fitText(`${tone === 'bad' ? '✕ ' : ''}${answerText(exchange, result)}`, span, layout.font)}</text>
<circle cx="${sides.middle}" cy="${requestY}" r="10.5" fill="var(--card)" stroke="var(${ended ? '--broken' : '--text'})" stroke-width="1.4"/>
<text class="sans strong" x="${sides.middle}" y="${requestY + 4}" text-anchor="middle" font-size="11">${exchange.seq}</text>
${aside(timeText(exchange, layout, ended), requestY + 4, ended ? 'bad strong' : 'quiet')}
${layout.name === 'wide' || ended ? aside(noteText(exchange), answerY - 2, ended ? 'bad' : 'quiet') : ''}</g>`;
};

const draw = (hops: readonly Exchange[], result: Result, layout: Layout, ended: number | null, description: string): Markup => {
  const edge = layout.name === 'wide' ? 48 : 16;
  const sides: Sides = { left: edge, middle: layout.width / 2, right: layout.width - edge };
  const mainHosts = { sts: addressParts(result.settings.stsOrigin).host, crm: addressParts(result.settings.url).host };
  const height = layout.head + hops.length * layout.hop + 12;
  const half = layout.width / 2 - (layout.name === 'wide' ? 70 : 34);
  const head = (x: number, anchor: 'start' | 'middle' | 'end', name: string, host: string): Markup =>
    markup`<text class="sans strong" x="${x}" y="17" text-anchor="${anchor}" font-size="14">${name}</text>${
      host === ''
        ? ''
        : markup`<text class="quiet" x="${x}" y="34" text-anchor="${anchor}" font-size="${layout.font - 1}">${fitText(host, half, layout.font - 1)}</text>`
    }`;
  return markup`<svg class="${layout.name}" viewBox="0 0 ${layout.width} ${height}" role="img" aria-label="${description}" xmlns="http://www.w3.org/2000/svg">
<g stroke="var(--line)" stroke-width="1.5">${[sides.left, sides.middle, sides.right].map((x) => markup`<path d="M${x} 44V${height - 2}"/>`)}</g>
${head(2, 'start', 'AD FS', mainHosts.sts)}${head(sides.middle, 'middle', 'Browser', '')}${head(layout.width - 2, 'end', 'CRM', mainHosts.crm)}
${hops.map((exchange, index) => drawHop(exchange, index, result, layout, sides, mainHosts, exchange.seq === ended))}
</svg>`;
};

/** The figure of one route; empty where nothing was exchanged. */
export const sequenceDiagram = (result: Result): Markup => {
  if (result.exchange.length === 0) return markup`<p class="muted">Nothing was exchanged.</p>`;
  const cut = result.exchange.length > mostHops;
  const hops = cut ? [...result.exchange.slice(0, mostHops / 2), ...result.exchange.slice(-mostHops / 2)] : result.exchange;
  const ended = lastExchangeOf(result)?.seq ?? null;
  const description = `Sequence diagram, ${routeLabels[result.route]}. ${hops.map((exchange) => hopSentence(exchange, result)).join(' ')}`;
  return markup`<figure class="drawing">${layouts.map((layout) => draw(hops, result, layout, ended, description))}
<figcaption>${cut ? `${result.exchange.length} exchanges; drawn are the first and the last ${mostHops / 2}. ` : ''}Solid: request. Dashed: answer. \
The numbers are those of the decoded exchange below.</figcaption></figure>`;
};
