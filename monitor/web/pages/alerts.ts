/** Alerts: what is open, what has recovered, whom they were told to; acknowledge and silence. */
import type { AlertMember, AlertRecord, Delivery } from '../../../contracts/monitoring';
import { kbLink } from '../../../reports/html/finding-card';
import { markup, type Markup } from '../../../reports/html/markup';
import { routeLabels } from '../../../reports/words/labels';
import { distanceText, secondText, whenText } from '../../../reports/words/time';
import { hiddenToken } from '../parts/forms';
import { instant, since } from '../parts/instant';
import { reportAddress, targetLink } from '../parts/links';
import { verdictMark } from '../parts/verdict-mark';
import { alertEndWord, alertEventLabels, alertKindLabels, counted, hostOf, leftLabels, severityLabels } from '../view/words';
import type { Page } from './layout';

const severitySymbols: Readonly<Record<AlertRecord['severity'], string>> = { critical: '✕', warning: '!', info: 'i' };
const severityMark = (alert: AlertRecord): Markup => {
  if (alert.state === 'open') return verdictMarkOf(alert.severity, severitySymbols[alert.severity], severityLabels[alert.severity]);
  const word = alertEndWord(alert);
  return verdictMarkOf(
    alert.state === 'recovered' ? 'healthy' : 'unknown',
    alert.state === 'recovered' ? '✓' : '–',
    word.charAt(0).toUpperCase() + word.slice(1),
  );
};
const live = ({ members }: AlertRecord): AlertMember[] => members.filter(({ left }) => left === undefined);
const targetsOf = (members: readonly AlertMember[]): number => new Set(members.map(({ target }) => target)).size;
const verdictMarkOf = (tone: string, symbol: string, word: string): Markup =>
  markup`<span class="mark is-${tone}"><span aria-hidden="true">${symbol}</span>${word}</span>`;

const gravest: readonly AlertRecord['severity'][] = ['critical', 'warning', 'info'];

/** `token` null = the visitor only looks. */
export const alertsPage = (alerts: readonly AlertRecord[], token: string | null, now: Date): Page => {
  const open = alerts.filter(({ state }) => state === 'open').sort((a, b) => gravest.indexOf(a.severity) - gravest.indexOf(b.severity));
  const over = alerts.filter(({ state }) => state !== 'open');
  return {
    title: open.length === 0 ? 'Alerts: none open' : `${counted(open.length, 'alert')} open`,
    current: 'alerts',
    refreshSeconds: 60,
    main: markup`<h1 data-headline>${open.length === 0 ? 'No alert is open' : `${counted(open.length, 'alert')} open`}</h1>
${
  open.length === 0
    ? ''
    : markup`<section aria-labelledby="open"><h2 id="open" class="unseen">Open</h2>${open.map((alert) => openAlert(alert, token, now))}</section>`
}
<section aria-labelledby="over"><h2 id="over">Over</h2>${over.length === 0 ? markup`<p class="muted">None within the retention.</p>` : overTable(over)}\
</section>`,
  };
};

const openAlert = (alert: AlertRecord, token: string | null, now: Date): Markup => markup`<article class="card cause is-${alert.severity}">
<p class="title"><span>${severityMark(alert)} <span class="muted">${alertKindLabels[alert.kind]}</span></span>\
<span class="muted">opened ${since(now.toISOString(), alert.openedAt)}</span></p>
<h3><a href="/alerts/${alert.id}">${alert.title}</a></h3>
<p>${alert.sts === null ? '' : `${hostOf(alert.sts)}: `}${counted(targetsOf(live(alert)), 'target')}, \
${live(alert).length < alert.members.length ? `${live(alert).length} of ` : ''}${counted(alert.members.length, 'sign-in')}\
${alert.breaksAt === null ? '' : markup` · breaks ${instant(alert.breaksAt)}`}${alert.kb === null ? '' : markup` · ${kbLink(alert.kb)}`}</p>
${acknowledged(alert)}${token === null ? '' : actions(alert, token)}</article>`;

const acknowledged = ({ acknowledgedBy, acknowledgedAt }: AlertRecord): Markup | string =>
  acknowledgedBy === null ? '' : markup`<p>Acknowledged by <b>${acknowledgedBy}</b>${acknowledgedAt === null ? '' : markup`, ${instant(acknowledgedAt)}`}.</p>`;

const actions = (alert: AlertRecord, token: string): Markup =>
  markup`<div class="fields tight">${
    alert.acknowledgedBy !== null
      ? ''
      : markup`<form method="post" action="/alerts/${alert.id}/acknowledge">${hiddenToken(token)}<button aria-label="Acknowledge: ${alert.title}">Acknowledge\
</button></form>`
  }<a class="button" href="/silences?${silenceQuery(alert)}" aria-label="Silence: ${alert.title}">Silence</a></div>`;

/** What the form of a silence is filled with. */
const silenceQuery = (alert: AlertRecord): string => {
  const targets = new Set(live(alert).map(({ target }) => target));
  return new URLSearchParams({
    ...(targets.size === 1 ? { target: [...targets][0] ?? '' } : {}),
    ...(alert.cause === null ? {} : { cause: alert.cause }),
  }).toString();
};

const overTable = (alerts: readonly AlertRecord[]): Markup =>
  markup`<table class="list stack" aria-labelledby="over"><thead><tr><th scope="col">Opened</th><th scope="col">Alert</th><th scope="col">End</th>\
<th scope="col">Lasted</th><th scope="col" class="number">Sign-ins</th></tr></thead><tbody>${alerts.map(
    (alert) =>
      markup`<tr class="row"><th scope="row" class="tight">${instant(alert.openedAt)}</th><td><a href="/alerts/${alert.id}">${alert.title}</a></td>\
<td>${alertEndWord(alert)}</td><td class="tight">${alert.recoveredAt === null ? '–' : distanceText(alert.openedAt, alert.recoveredAt)}</td>\
<td class="number" data-label="Sign-ins">${alert.members.length}</td></tr>`,
  )}</tbody></table>`;

export const alertPage = (alert: AlertRecord, deliveries: readonly Delivery[], token: string | null, now: Date): Page => ({
  title: alert.title,
  current: 'alerts',
  refreshSeconds: alert.state === 'open' ? 60 : null,
  main: markup`<p class="crumb"><a href="/alerts">Alerts</a> › ${alertKindLabels[alert.kind]}</p><h1>${alert.title}</h1>\
<p class="lead">${severityMark(alert)}${alert.verdict === null ? '' : markup` ${verdictMark(alert.verdict)}`}</p>
<div class="card"><dl class="facts">${
    alert.sts === null ? '' : markup`<dt>STS</dt><dd>${hostOf(alert.sts)}</dd>`
  }${alert.cause === null ? '' : markup`<dt>Cause</dt><dd><code>${alert.cause}</code>${alert.kb === null ? '' : markup` ${kbLink(alert.kb)}`}</dd>`}
<dt>Opened</dt><dd>${instant(alert.openedAt)}, ${whenText(now.toISOString(), alert.openedAt)}</dd><dt>Last changed</dt><dd>${instant(alert.changedAt)}</dd>${
    alert.recoveredAt === null
      ? ''
      : markup`<dt>Over</dt>\
<dd>${instant(alert.recoveredAt)}, ${alertEndWord(alert)}${alert.state === 'happened' ? ': the alert about the broken sign-in tells of it' : ''}</dd>`
  }${alert.breaksAt === null ? '' : markup`<dt>Breaks</dt><dd>${instant(alert.breaksAt)}, ${whenText(now.toISOString(), alert.breaksAt)}</dd>`}</dl>\
${acknowledged(alert)}${token === null || alert.state !== 'open' ? '' : actions(alert, token)}</div>
<h2 id="members">Sign-ins it touches</h2><table class="list stack" aria-labelledby="members"><thead><tr><th scope="col">Target</th><th scope="col">Route</th>\
<th scope="col">Location</th><th scope="col">Since</th><th scope="col">Now</th><th scope="col">Report</th></tr></thead><tbody>${[
    ...live(alert),
    ...alert.members.filter(({ left }) => left),
  ].map(
    (member) =>
      markup`<tr class="row"><th scope="row">${targetLink(member.target)}</th><td>${routeLabels[member.route]}</td><td>${member.location}</td>\
<td data-label="Since">${instant(member.since)}</td><td data-label="Now">${
        member.left ? markup`<span class="muted">${leftLabels[member.left.how]}, ${instant(member.left.at)}</span>` : markup`<b>${stillWords(alert)}</b>`
      }</td><td>${
        member.runId === null
          ? markup`<span class="muted">–</span>`
          : markup`<a href="${reportAddress(member.runId)}" aria-label="Report \
of ${member.target}, ${routeLabels[member.route]}, ${member.location}">Report</a>`
      }</td></tr>`,
  )}</tbody></table>
<h2 id="deliveries">Messages</h2>${
    deliveries.length === 0 ? markup`<p class="muted">None was sent: no channel is configured, or it was silenced.</p>` : deliveryTable(deliveries)
  }`,
});

const stillWords = ({ kind, verdict }: AlertRecord): string =>
  kind === 'forecast'
    ? 'will break'
    : kind === 'coverage'
      ? 'too few verdicts'
      : kind === 'account'
        ? 'account still refused'
        : `still ${verdict === 'at-risk' ? 'at risk' : (verdict ?? 'in trouble')}`;

const deliveryWords: Readonly<Record<Delivery['state'], string>> = { pending: 'waits to be tried again', sent: 'sent', failed: 'given up' };

const deliveryTable = (deliveries: readonly Delivery[]): Markup =>
  markup`<table class="list stack" aria-labelledby="deliveries"><thead><tr><th scope="col">Made</th><th scope="col">Event</th><th scope="col">Channel</th>\
<th scope="col">State</th><th scope="col" class="number">Attempts</th><th scope="col">Last error</th></tr></thead><tbody>${deliveries.map(
    (one) =>
      markup`<tr class="row${one.state === 'failed' ? ' is-broken' : ''}"><th scope="row" class="tight">${secondText(one.createdAt)}</th>\
<td>${alertEventLabels[one.event]}</td><td>${one.channel}</td>\
<td>${deliveryWords[one.state]}${one.state === 'pending' ? markup`, ${instant(one.nextAttemptAt)}` : ''}</td><td class="number" data-label="Attempts">\
${one.attempts}</td><td>${one.lastError ?? ''}</td></tr>`,
  )}</tbody></table>`;
