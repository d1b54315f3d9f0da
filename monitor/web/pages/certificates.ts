/** Certificate calendar over all STSs: a month, and the list of everything that ends. */
import type { CertificateRecord, Overview } from '../../../contracts/monitoring';
import { markup, type Markup } from '../../../reports/html/markup';
import { certificateRoleLabels } from '../../../reports/words/labels';
import { dayMs, dayText, monthText, whenText } from '../../../reports/words/time';
import { instant } from '../parts/instant';
import { type DateAhead, datesAhead, merged, type MergedRecord, monthBeside, weeksOf } from '../view/calendar';
import { hostOf } from '../view/words';
import type { Page } from './layout';

export interface CertificatesView {
  readonly certificates: readonly CertificateRecord[];
  readonly all: readonly Overview[];
  /** YYYY-MM */
  readonly month: string;
}

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const longMonth = (month: string): string => monthText(Date.parse(`${month}-01T00:00:00Z`));

export const certificatesPage = ({ certificates, all, month }: CertificatesView, now: Date): Page => {
  const dates = datesAhead(certificates, all);
  const ahead = dates.filter(({ at }) => Date.parse(at) > now.getTime() - dayMs);
  const today = now.toISOString().slice(0, 7);
  return {
    title: 'Certificates',
    current: 'certificates',
    refreshSeconds: 600,
    main: markup`<div class="title"><h1>Certificate calendar</h1><p><a class="button" href="/certificates.ics" download>Calendar file (.ics)</a></p></div>
${soonest(ahead, now)}
<section aria-labelledby="month"><div class="title"><h2 id="month">${longMonth(month)}</h2><nav class="switch" aria-label="Month">\
<a href="/certificates?month=${monthBeside(month, -1)}">← ${longMonth(monthBeside(month, -1))}</a>\
${month === today ? '' : markup`<a href="/certificates">This month</a>`}<a href="/certificates?month=${monthBeside(month, 1)}">\
${longMonth(monthBeside(month, 1))} →</a>${jump(ahead, month)}</nav></div>
${monthTable(month, dates, now)}</section>
<section aria-labelledby="list"><h2 id="list">What ends, by date</h2>${certificateTable(merged(certificates), now)}</section>`,
  };
};

const soonest = (ahead: readonly DateAhead[], now: Date): Markup => {
  const soon = ahead.filter(({ at, tone }) => tone !== 'unknown' && Date.parse(at) - now.getTime() < 30 * dayMs);
  if (soon.length === 0) return markup`<p class="notice is-healthy">Nothing that sign-in needs ends within 30 days.</p>`;
  return markup`<ul class="troubles">${soon.slice(0, 6).map(
    ({ at, text, tone, kind }) => markup`<li class="trouble is-${tone}"><p class="between">\
<b>${whenText(now.toISOString(), at)}</b><span class="muted">${instant(at)}</span></p><p>${kind === 'break' ? markup`<b>${text}</b>` : text}</p></li>`,
  )}</ul>`;
};

/** To the next month in which something happens, where it is not the next one anyway. */
const jump = (ahead: readonly DateAhead[], month: string): Markup | null => {
  const next = ahead.map(({ at }) => at.slice(0, 7)).find((one) => one > month);
  return next === undefined || next === monthBeside(month, 1) ? null : markup`<a href="/certificates?month=${next}">Next with a date: ${longMonth(next)}</a>`;
};

const monthTable = (month: string, dates: readonly DateAhead[], now: Date): Markup => {
  const today = now.toISOString().slice(0, 10);
  const inMonth = dates.filter(({ at }) => at.startsWith(month));
  return markup`${inMonth.length === 0 ? markup`<p>Nothing ends in ${longMonth(month)}.</p>` : ''}<table class="month" aria-labelledby="month"><thead>\
<tr>${weekdays.map((day) => markup`<th scope="col"><span aria-hidden="true">${day.slice(0, 3)}</span><span class="unseen">${day}</span></th>`)}</tr></thead>\
<tbody>${weeksOf(month).map(
    (week) =>
      markup`<tr>${week.map((day) => {
        if (day === null) return markup`<td class="out empty"></td>`;
        const events = inMonth.filter(({ at }) => at.startsWith(day));
        return markup`<td class="${day === today ? 'today' : ''}${events.length === 0 ? ' empty' : ''}"><span class="day"><time datetime="${day}">\
${dayText(day).replace(/ \d{4}$/, '')}</time>${day === today ? ' (today)' : ''}</span>${
          events.length === 0 ? '' : markup`<ul>${events.map(({ at, tone, text }) => markup`<li class="is-${tone}">${at.slice(11, 16)} ${text}</li>`)}</ul>`
        }</td>`;
      })}</tr>`,
  )}</tbody></table>`;
};

const certificateTable = (certificates: readonly MergedRecord[], now: Date): Markup => {
  const at = now.toISOString();
  return markup`<table class="list stack" aria-labelledby="list"><thead><tr><th scope="col">Ends</th><th scope="col">In</th><th scope="col">Certificate</th>\
<th scope="col">Host</th><th scope="col" class="hide-medium">STS</th><th scope="col">Thumbprint (SHA-1)</th><th scope="col" class="number">Targets</th>\
<th scope="col">First seen</th></tr></thead><tbody>${certificates.map((certificate) => {
    const ended = Date.parse(certificate.notAfter) < now.getTime();
    const soon = Date.parse(certificate.notAfter) - now.getTime() < 30 * dayMs;
    const rank = certificate.role !== 'sts-signing' ? '' : certificate.primary === true ? ' (in use)' : certificate.primary === false ? ' (not in use)' : '';
    return markup`<tr class="row"><th scope="row" class="tight">${dayText(certificate.notAfter)}</th><td class="tight" data-label="In">\
${soon ? markup`<b>${whenText(at, certificate.notAfter)}</b>` : whenText(at, certificate.notAfter)}${ended ? ' (ended)' : ''}</td>\
<td>${certificateRoleLabels[certificate.role]}${rank}</td><td>${certificate.hosts.map((host) => markup`<div class="whole">${host}</div>`)}</td>\
<td class="whole hide-medium">${hostOf(certificate.sts)}</td><td><code class="print">${certificate.sha1}</code></td><td class="number" data-label="Targets">\
${new Set(certificate.seenBy.map(({ target }) => target)).size}</td><td class="tight" data-label="First seen">${dayText(certificate.firstSeen)}</td></tr>`;
  })}</tbody></table>`;
};
