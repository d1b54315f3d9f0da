/** Events of the servers' own logs that belong to the sign-in (`diagnose --event-log`). */
import type { Result } from '../../contracts/report';
import { zoneWords } from '../words/event-zone';
import { secondText } from '../words/time';
import type { Anchors } from './anchors';
import { routePart } from './fold';
import { markup, type Markup } from './markup';

export const serverEventSection = (results: readonly Result[], anchors: Anchors): Markup =>
  markup`${results.map((result) => (result.serverEvents.length === 0 ? '' : routePart(result, results, eventTable(result, anchors.ofResult(result)))))}`;

const eventTable = ({ serverEvents }: Result, prefix: string): Markup =>
  markup`<table class="stack"><thead><tr><th>Event</th><th>Server’s time</th><th>Belongs here by</th><th>Text</th></tr></thead><tbody>${serverEvents.map(
    ({
      n,
      source,
      id,
      at,
      zone,
      computer,
      matchedBy,
      exchange,
      text,
    }) => markup`<tr><th scope="row"><span id="${prefix}-server-event-${n}"></span>${source}${id === null ? '' : ` ${id}`}</th>
<td data-label="Time">${secondText(at)}${zone ? markup`<br><span class="muted">${zoneWords(zone)}</span>` : ''}${
      computer ? markup` <span class="muted">${computer}</span>` : ''
    }</td>
<td data-label="Belongs here by">${matchedBy === 'activity-id' ? 'its Activity ID' : `its time${exchange === null ? '' : ` (exchange ${exchange})`}`}</td>\
<td data-label="Text">${text}</td></tr>`,
  )}</tbody></table>`;
