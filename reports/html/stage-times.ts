/** How long a sign-in took, by stage: a bar and the figures. */
import type { Result } from '../../contracts/report';
import { durationText } from '../words/time';
import { markup, type Markup } from './markup';

export const stageTimes = ({ timings }: Result): Markup => {
  const known = [
    { name: 'DNS', ms: timings.dnsMs, tone: 'c5' },
    { name: 'TLS', ms: timings.tlsMs, tone: 'c2' },
    { name: 'AD FS', ms: timings.stsMs, tone: 'c1' },
    { name: 'token to CRM', ms: timings.tokenPostMs, tone: 'c4' },
    { name: 'CRM page', ms: timings.crmPageMs, tone: 'c3' },
  ].flatMap(({ name, ms, tone }) => (ms === null ? [] : [{ name, ms, tone }]));
  if (known.length === 0) return markup``;
  // Stages can overlap (a second TLS connection while AD FS is asked), so the bar shows proportions of their sum.
  const sum = known.reduce((total, { ms }) => total + Math.max(0, ms), 0) || 1;
  return markup`<div class="stages">
    <div class="track" aria-hidden="true">\
${known.map(({ ms, tone }) => markup`<span class="${tone}" style="width:${((Math.max(0, ms) / sum) * 100).toFixed(2)}%"></span>`)}</div>
    <ul class="legend" aria-label="Time by stage">${known.map(
      ({ name, ms, tone }) => markup`<li><i class="${tone}"></i>${name} <b>${durationText(ms)}</b></li>`,
    )}</ul>
  </div>`;
};
