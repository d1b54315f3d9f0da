/** The decoded exchange: every request of the flow with its answer, each with an anchor (`exchange:7` → `…-exchange-7`). No cookie values, no tokens. */
import type { Exchange } from '../../contracts/evidence';
import type { Result } from '../../contracts/report';
import { lastExchangeOf } from '../findings';
import { shorten } from '../safe-text';
import { statusPhrases, stepLabels } from '../words/labels';
import { bytesText, durationText } from '../words/time';
import type { Anchors } from './anchors';
import { routePart } from './fold';
import { addressParts, crmErrorText, decoded } from '../words/hop';
import { markup, type Markup, type MarkupValue } from './markup';
import { tokenAndPages } from './token-and-pages';

const fact = (name: string, value: MarkupValue): Markup | null =>
  value === null || value === '' || value === undefined ? null : markup`<dt>${name}</dt><dd>${value}</dd>`;

const cookieText = ({ name, bytes, domain, flags, removes, blocked }: Exchange['cookiesSet'][number]): string =>
  removes
    ? `${name} removed`
    : `${name} (${[bytesText(bytes), domain ? `Domain=${domain}` : null, ...flags].filter((part) => part !== null).join(', ')})` +
      (blocked.length > 0 ? `, refused by the browser: ${blocked.join(', ')}` : '');

const wsfedFacts = (wsfed: Exchange['wsfed']): (Markup | null)[] => {
  if (!wsfed) return [];
  const { wresultBytes, wctx, ...rest } = wsfed;
  const plain = Object.entries(rest).flatMap(([name, value]) => (typeof value === 'string' ? [fact(name, shorten(value, 400))] : []));
  const context = typeof wctx === 'string' ? fact('wctx', shorten(decoded(wctx), 600)) : null;
  return [...plain, context, wresultBytes === undefined ? null : fact('wresult', `${bytesText(wresultBytes)}, not kept`)];
};

const queryOf = (url: string): string | null => {
  const mark = url.indexOf('?');
  return mark < 0 ? null : url.slice(mark + 1);
};

/** What the rows of a WS-Federation request say already need not be repeated as an encoded query. */
const isDecodedElsewhere = (exchange: Exchange): boolean => exchange.wsfed?.wa !== undefined || exchange.crmError !== null;

/** The hop before that carried the very same WS-Federation parameters, so that they are shown once. */
const sameAs = (exchange: Exchange, all: readonly Exchange[]): number | null => {
  const key = JSON.stringify(exchange.wsfed);
  return exchange.wsfed === null ? null : (all.find((other) => other.seq < exchange.seq && JSON.stringify(other.wsfed) === key)?.seq ?? null);
};

const facts = (exchange: Exchange, all: readonly Exchange[]): Markup => {
  const same = sameAs(exchange, all);
  const rows = [
    exchange.crmError ? fact('CRM’s error', crmErrorText(exchange.crmError)) : null,
    exchange.failure ? fact('Failure', exchange.failure) : null,
    ...(same === null ? wsfedFacts(exchange.wsfed) : [fact('WS-Federation', `the parameters of ${same}`)]),
    isDecodedElsewhere(exchange) ? null : fact('Query', shorten(queryOf(exchange.url) ?? '', 400)),
    exchange.location === null
      ? null
      : fact(
          'Location',
          shorten(
            exchange.location.replace(/\?.*$/s, (query) => (query.length > 120 ? `?… (${query.length - 1} characters)` : query)),
            300,
          ),
        ),
    fact('Asks for', exchange.challenges.join(', ')),
    fact('Answers with', exchange.authorization),
    fact('Sets cookies', exchange.cookiesSet.map(cookieText).join('; ')),
    fact('Sends cookies', exchange.cookiesSent.map(({ name, bytes }) => `${name} (${bytesText(bytes)})`).join('; ')),
    exchange.document
      ? fact('Page', `“${shorten(exchange.document.title, 120)}”${exchange.document.text === '' ? '' : ` – ${shorten(exchange.document.text, 240)}`}`)
      : null,
    fact('Server', [exchange.server, exchange.requestId ? `request id ${exchange.requestId}` : null].filter((part) => part).join(', ')),
  ].filter((row) => row !== null);
  return rows.length > 0 ? markup`<dl class="facts">${rows}</dl>` : markup``;
};

const hop = (exchange: Exchange, all: readonly Exchange[], ended: boolean, prefix: string): Markup => {
  const { host, path } = addressParts(exchange.url);
  const status = exchange.status === null ? 'no answer' : `${exchange.status} ${statusPhrases[exchange.status] ?? ''}`.trim();
  return markup`<li class="hop${ended ? ' ended' : ''}" id="${prefix}-exchange-${exchange.seq}">
<p class="line"><span class="number">${exchange.seq}</span><span class="where"><b>${exchange.method}</b> <code>${host}${shorten(path, 160)}</code></span>
<span class="status">${ended ? '✕ ' : ''}${status}</span><span class="what muted small">\
${stepLabels[exchange.step]}${exchange.durationMs === null ? '' : `, ${durationText(exchange.durationMs)}`}</span></p>
${ended ? markup`<p class="small"><b>The sign-in ended here.</b></p>` : ''}${facts(exchange, all)}</li>`;
};

export const exchangeSection = (results: readonly Result[], anchors: Anchors): Markup =>
  markup`${results.map((result) => {
    const ended = lastExchangeOf(result)?.seq ?? null;
    const hops =
      result.exchange.length > 0
        ? markup`<ol class="hops">${result.exchange.map((exchange) => hop(exchange, result.exchange, exchange.seq === ended, anchors.ofResult(result)))}</ol>`
        : markup`<p class="muted">Nothing was exchanged.</p>`;
    return routePart(result, results, markup`${hops}${tokenAndPages(result, anchors)}`);
  })}`;
