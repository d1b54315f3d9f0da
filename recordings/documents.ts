/** The documents of the page itself among all that a recording has: no images, scripts, frames or background requests. */
import type { HarEntry } from './har-entries';

export interface Document extends HarEntry {
  /** The document whose redirect led here. */
  redirectedFrom: Document | null;
  /** Where the answer sends the browser, resolved; null without a redirect. */
  readonly location: string | null;
  /** The user asked for it: address bar, bookmark, reload. Null when the browser does not say. */
  readonly byUser: boolean | null;
}

/** In the order they were asked for, redirects linked. */
export function documentsOf(entries: readonly HarEntry[]): readonly Document[] {
  const documents: Document[] = entries
    .filter(isDocument)
    .map((entry) => ({ ...entry, redirectedFrom: null, location: locationOf(entry), byUser: byUser(entry) }));
  for (const [index, document] of documents.entries()) {
    if (document.location === null) continue;
    const wanted = bare(document.location);
    const next = documents.slice(index + 1).find(({ url, redirectedFrom }) => redirectedFrom === null && bare(url) === wanted);
    if (next) next.redirectedFrom = document;
  }
  return documents;
}

/**
 * `sec-fetch-dest` says it best (all browsers since 2023, https only). Without it: Chrome's own `_resourceType`, then what a navigation looks like:
 * a redirect, HTML, an error or no answer to a request that accepts HTML, never one made by script.
 */
function isDocument(entry: HarEntry): boolean {
  const destination = entry.sent('sec-fetch-dest')[0]?.toLowerCase();
  if (destination) return destination === 'document';
  if (entry.resourceType) return entry.resourceType.toLowerCase() === 'document';
  if (entry.method !== 'GET' && entry.method !== 'POST') return false;
  if (entry.sent('x-requested-with').length > 0 || /\.(js|css|png|gif|jpe?g|svg|ico|woff2?|axd)$/i.test(new URL(entry.url).pathname)) return false;
  const accept = entry.sent('accept')[0] ?? '';
  if (accept !== '' && !accept.includes('text/html')) return false;
  if (accept !== '') return true;
  const html = /html/i.test(entry.contentType ?? '');
  return html || entry.status === null || (entry.status >= 300 && entry.status < 400) || entry.status === 401;
}

function locationOf(entry: HarEntry): string | null {
  if (entry.status === null || entry.status < 300 || entry.status >= 400) return null;
  const written = entry.received('location')[0];
  return written && URL.canParse(written, entry.url) ? new URL(written, entry.url).href : null;
}

/** `sec-fetch-site: none` is a navigation nobody's page began. It stays so through redirects, so only the first of a chain counts. */
function byUser(entry: HarEntry): boolean | null {
  const site = entry.sent('sec-fetch-site')[0];
  return site === undefined ? null : site.toLowerCase() === 'none';
}

/** Addresses are compared without fragment, and without the default port AD FS likes to write (field guide §1.4). */
function bare(address: string): string {
  const url = new URL(address);
  url.hash = '';
  return url.href;
}
