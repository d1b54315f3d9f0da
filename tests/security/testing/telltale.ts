/** A page that tells every secret it knows, in every writing it knows, in every place a page has. */
import type { Planted } from '../../../runs/testing/independent-scanner';
import { disguises } from '../../../probes/testing/disguises';
import { escapeHtml, type Reply } from '../../../probes/testing/foreign/virtual-hosts';

type Encode = (secret: string) => string;

/** The attacker's own writings (none of them the product's or the scanner's). */
const encoders: Readonly<Record<string, Encode>> = {
  raw: (s) => s,
  url: (s) => encodeURIComponent(s),
  'url twice': (s) => encodeURIComponent(encodeURIComponent(s)),
  form: (s) => new URLSearchParams([['x', s]]).toString().slice(2),
  json: (s) => JSON.stringify({ s }),
  'json ascii': (s) => JSON.stringify(s).replace(/[^ -~]/g, (c) => `\\u${`000${c.charCodeAt(0).toString(16)}`.slice(-4)}`),
  html: escapeHtml,
  base64: (s) => Buffer.from(s).toString('base64'),
  'base64 +1': (s) => Buffer.from(`:${s}`).toString('base64'),
  'base64 +2': (s) => Buffer.from(`u:${s}`).toString('base64'),
  'base64 utf-16': (s) => Buffer.from(s, 'utf16le').toString('base64'),
  hex: (s) => Buffer.from(s).toString('hex'),
  'HEX utf-16': (s) => Buffer.from(s, 'utf16le').toString('hex').toUpperCase(),
};
export const encodings = Object.keys(encoders);

/** How a secret is told: a password also in every disguise that a person can still read. */
const writers = ({ kind, commonWord }: Planted): [string, Encode][] =>
  Object.entries(kind === 'password' && !commonWord ? { ...encoders, ...disguises } : encoders);
/** The n-th of its writings; they take turns. */
const written = (secret: Planted, turn: number): string => {
  const all = writers(secret);
  return (all[turn % all.length]?.[1] ?? String)(secret.value);
};

/** Places of a page and its answer; each gets every secret, the writing changes from place to place. */
export const places = [
  'title',
  'heading',
  'error element',
  'every writing in the text',
  'console error',
  'console warning',
  'uncaught error',
  'dialog',
  'field name',
  'field id',
  'placeholder',
  'form action',
  'frame address',
  'link',
  'hidden field',
  'filled field',
  'response header server',
  'response header req_id',
  'cookie name',
  'address query',
  'address fragment',
  'address path',
] as const;

/** ASCII without line breaks: all that fits into a header or a cookie's name. */
const headerSafe = (text: string): boolean => /^[!-~ ]*$/.test(text);

export interface Telling {
  readonly secrets: readonly Planted[];
  /** Which writing the first place uses; the others follow in turn. */
  readonly turn: number;
  /** More for the body, such as what the probe looks for. */
  readonly extra?: string;
  readonly status?: number;
  /** Without dialogs, and without a frame whose address the guard would stop, where the journey is to go on. */
  readonly quiet?: boolean;
}

/** The page with the secrets all over it. */
export function tellingPage({ secrets, turn, extra = '', status = 200, quiet = false }: Telling): Reply {
  let at = turn;
  const next = (secret: Planted): string => written(secret, at++);
  const all = (): string => secrets.map(next).join(' · ');
  const attribute = (): string => escapeHtml(all()).replace(/\r|\n/g, ' ');
  const every = secrets.flatMap((secret) => {
    const names = writers(secret).map(([name], index) => `<p>${secret.kind} ${name}: ${escapeHtml(written(secret, index))}</p>`);
    // Texts of pages are cut off somewhere: not always at the same writing.
    return [...names.slice((turn * 7) % names.length), ...names.slice(0, (turn * 7) % names.length)];
  });
  const script = (text: string): string => JSON.stringify(text).replace(/</g, '\\u003c');
  const body = `<h1>${escapeHtml(all())}</h1><p id="errorText" role="alert" class="error">${escapeHtml(all())}</p>${extra}${every.join('')}
<form action="/next?state=${encodeURIComponent(all())}"><input name="${attribute()}" id="${attribute()}" placeholder="${attribute()}" value="${attribute()}">
<input type="hidden" name="state" value="${attribute()}">\
${secrets.map(({ kind, value }) => (kind === 'view state' ? `<input type="hidden" name="__VIEWSTATE" value="${escapeHtml(value)}">` : '')).join('')}</form>
<a href="/link/${encodeURIComponent(all())}">go</a>${quiet ? '' : `<iframe src="/frame?x=${encodeURIComponent(all())}" width="80" height="20"></iframe>`}
<script>console.error(${script(all())});console.warn(${script(all())});${quiet ? '' : `alert(${script(all())});`}setTimeout(() => { throw new \
Error(${script(all())}); });</script>`;
  const header = (text: string): string => (headerSafe(text) ? text.slice(0, 2000) : 'none');
  const telling = secrets.map(next).find((text) => /^[A-Za-z0-9]+$/.test(text)) ?? 'x';
  return {
    status,
    headers: {
      Server: header(all()),
      'WWW-Authenticate': secrets.flatMap(({ kind, value }) => (kind === 'Kerberos blob' ? [`Negotiate ${value}`] : [])),
      REQ_ID: header(secrets.map(({ value }) => Buffer.from(value).toString('base64')).join(',')),
      'Set-Cookie': `${telling.slice(0, 200)}=1; Path=/telltale`,
    },
    body: `<!doctype html><html><head><title>${escapeHtml(all())}</title></head><body>${body}</body></html>`,
  };
}

/** An address with the secrets in its path, query and fragment. */
export function tellingAddress(origin: string, { secrets, turn }: Pick<Telling, 'secrets' | 'turn'>): string {
  const inAddresses = secrets.filter(({ kind }) => !['view state', 'Kerberos blob'].includes(kind));
  const told = (shift: number): string => inAddresses.map((secret, index) => encodeURIComponent(written(secret, turn + shift + index))).join('-');
  return (
    `${origin}/told/${told(0)}?told=${told(1)}&code=${encodeURIComponent(secrets.find(({ kind }) => kind === 'authorization code')?.value ?? '')}&who=` +
    `${encodeURIComponent(secrets.find(({ kind }) => kind === 'UPN')?.value ?? '')}&more=${told(2)}#told=${told(3)}`
  );
}
