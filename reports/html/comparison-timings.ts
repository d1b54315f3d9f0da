/** Times of both sides: the span of the sign-ins and their median on one scale per route, with what the rank test says. */
import type { Comparison, TimingComparison } from '../../contracts/comparison';
import { routeNameOf } from '../words/comparison';
import { durationText } from '../words/time';
import { markup, type Markup } from './markup';

const labels: Readonly<Record<TimingComparison['what'], string>> = {
  total: 'The whole sign-in',
  sts: 'AD FS',
  'token-post': 'Token to CRM',
  'crm-page': 'CRM page',
};

const percent = (ms: number, most: number): string => `${((Math.max(0, ms) / most) * 100).toFixed(2)}%`;

const row = (
  name: string,
  { signIns, medianMs, leastMs, mostMs }: TimingComparison['before'],
  most: number,
): Markup => markup`<div class="row"><span>${name}</span>
<div class="scale" aria-hidden="true"><span class="range" style="left:${percent(leastMs, most)};\
width:${percent(Math.max(mostMs - leastMs, most / 200), most)}"></span><span class="middle" style="left:${percent(medianMs, most)}"></span></div>
<span class="figures">median <b>${durationText(medianMs)}</b>${signIns > 1 ? `, ${durationText(leastMs)} to ${durationText(mostMs)}` : ''}</span></div>`;

const one = (timing: TimingComparison): Markup => {
  const most = Math.max(1, timing.before.mostMs, timing.after.mostMs) * 1.05;
  return markup`<h4>${labels[timing.what]}</h4><div class="times">${row('before', timing.before, most)}${row('after', timing.after, most)}</div>`;
};

const figures = (own: readonly TimingComparison[]): Markup =>
  markup`<dl class="facts">${own.map(
    ({ what, before, after }) => markup`<dt>${labels[what]}</dt><dd>${durationText(before.medianMs)} before, ${durationText(after.medianMs)} after</dd>`,
  )}</dl>`;

export const comparisonTimings = ({ timings, routes }: Comparison): Markup => {
  if (timings.length === 0) return markup``;
  return markup`<section><h2>Time</h2>${routes.map((route) => {
    const own = timings.filter(({ target, route: name }) => target === route.target && name === route.route);
    const [total] = own;
    if (!total) return '';
    // Bars of a single sign-in would look like a finding.
    const spread = own.some(({ before, after }) => before.signIns > 1 || after.signIns > 1);
    return markup`<div class="card"><h3>${routeNameOf(route)}</h3><p>${total.text}</p>${spread ? own.map(one) : figures(own)}</div>`;
  })}</section>`;
};
