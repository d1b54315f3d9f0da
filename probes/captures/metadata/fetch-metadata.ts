import type { Metadata } from '../../../contracts/evidence';
import { readMetadata } from '../../../federation/read-metadata';
import { type DateSample, fetchDocument, type FetchContext } from './fetch-document';

export interface MetadataCapture {
  readonly metadata: Metadata;
  readonly dateSample: DateSample | null;
  /** The document as it came, for captures that want more of it; null when there was none. */
  readonly text: string | null;
}

/** One federation metadata document: fetched, opened and its signature judged. What went wrong is data. */
export async function fetchMetadata(url: string, context: FetchContext): Promise<MetadataCapture> {
  const { answer, dateSample } = await fetchDocument(url, context, 'application/samlmetadata+xml, application/xml, text/xml');
  if (!answer.ok) return { metadata: { ok: false, url, status: null, why: answer.why }, dateSample, text: null };
  if (answer.status !== 200) {
    const why = `Expected the federation metadata (status 200), found status ${answer.status}${answer.headers.location ? ', a redirect' : ''}.`;
    return { metadata: { ok: false, url, status: answer.status, why }, dateSample, text: null };
  }
  const metadata = readMetadata(answer.body, url);
  return { metadata: metadata.ok ? metadata : { ok: false, url, status: answer.status, why: metadata.why }, dateSample, text: answer.body.toString('utf8') };
}
