/** One exchange in a few words, for the sequence diagram, its text alternative and the ticket. */
import type { Exchange } from '../../contracts/evidence';
import type { Result } from '../../contracts/report';
import { statusPhrases } from './labels';
import { durationText } from './time';

interface Address {
  readonly host: string;
  readonly path: string;
}

/** Host (with a port that is not the scheme's own) and path of an address without its query; text that is no address is all path. */
export const addressParts = (address: string): Address => {
  try {
    const { host, pathname } = new URL(address);
    return { host, path: pathname };
  } catch {
    return { host: '', path: address };
  }
};

/** A percent-encoded value decoded once, or as it was. */
export const decoded = (value: string): string => {
  try {
    return decodeURIComponent(value.replace(/\+/g, ' '));
  } catch {
    return value;
  }
};

const origin = (address: string): string | null => {
  try {
    return new URL(address).host;
  } catch {
    return null;
  }
};

/** AD FS is the host of the configured STS; every other host of this flow is asked as CRM unless the step says it is the STS's. */
export const partyOf = (exchange: Exchange, result: Result): 'sts' | 'crm' => {
  const { host } = addressParts(exchange.url);
  if (host !== '' && host === origin(result.settings.stsOrigin)) return 'sts';
  if (host !== '' && host === origin(result.settings.url)) return 'crm';
  return exchange.step === 'sts-page' || exchange.step === 'credentials' || exchange.step === 'token-issue' ? 'sts' : 'crm';
};

/** `GET /adfs/ls/`, with the host where it is not the party's main one; `POST token to /` for a token POST. */
export const requestText = (exchange: Exchange, mainHost: string): string => {
  const { host, path } = addressParts(exchange.url);
  const cargo = exchange.wsfed?.wresultBytes !== undefined ? 'token to ' : exchange.step === 'credentials' && exchange.method === 'POST' ? 'password to ' : '';
  return `${exchange.method} ${cargo}${host === mainHost ? '' : host}${path}`;
};

/** `302 → AD FS`, `302 → /adfs/ls/wia` on the same host, `401 Negotiate, NTLM`, `200 “Working...”`, `no answer: net::ERR_…` */
export const answerText = (exchange: Exchange, result: Result): string => {
  if (exchange.status === null) return `no answer${exchange.failure ? `: ${exchange.failure}` : ''}`;
  const { status } = exchange;
  if (exchange.location !== null) {
    const here = addressParts(exchange.url);
    const there = addressParts(exchange.location);
    const name = there.host === '' || there.host === here.host ? '' : there.host === origin(result.settings.stsOrigin) ? 'AD FS ' : there.host;
    return `${status} → ${name}${there.path.replace(/\?.*$/s, '')}`;
  }
  if (exchange.challenges.length > 0) return `${status} ${exchange.challenges.join(', ')}`;
  if (exchange.document && exchange.document.title !== '') return `${status} “${exchange.document.title}”`;
  return `${status} ${statusPhrases[status] ?? exchange.contentType ?? ''}`.trim();
};

/** `0x80040203: text`; a code of zero says nothing, nor does CRM's own heading. */
export const crmErrorText = ({ errorCode, text }: NonNullable<Exchange['crmError']>): string =>
  [/^(0x)?0*$/.test(errorCode ?? '') ? null : errorCode, text === null ? null : text.replace(/^[\s0]*Error Details:\s*/i, '')]
    .filter((part) => part)
    .join(': ');

/** What is worth knowing besides: cookies set, credentials sent, CRM's own error. */
export const noteText = (exchange: Exchange): string => {
  if (exchange.crmError) return crmErrorText(exchange.crmError);
  const set = exchange.cookiesSet.filter(({ removes, blocked }) => !removes && blocked.length === 0).map(({ name }) => name);
  const refused = exchange.cookiesSet.filter(({ blocked }) => blocked.length > 0).map(({ name }) => name);
  if (refused.length > 0) return `browser refuses ${refused.join(', ')}`;
  if (set.length > 0) return `sets ${set.join(', ')}`;
  return exchange.authorization ? `answers with ${exchange.authorization}` : '';
};

/** A whole hop as a sentence, for readers who cannot see the drawing. */
export const hopSentence = (exchange: Exchange, result: Result): string =>
  `${exchange.seq}. Browser to ${partyOf(exchange, result) === 'sts' ? 'AD FS' : 'CRM'}: ${requestText(exchange, '')}; answer ${answerText(exchange, result)}${
    exchange.durationMs === null ? '' : `, ${durationText(exchange.durationMs)}`
  }.`;
