/**
 * What `run --trace` keeps of a journey besides the evidence: every request's outline, and the page's structure at each picture. Playwright's own recorder is
 * not used: it writes everything to disk in clear first (the password in snapshots, tokens in bodies, cookies), and scrubbing comes after. Here only what is
 * listed is ever taken; values of fields, bodies, cookies, scripts and most headers never leave the browser. Held in memory until the run is over.
 */
import type { Page, Request } from 'playwright';
import { readPageTree, type TreeNode } from '../page-actions/page-tree';
import type { Redactor } from '../redaction/redact';
import { registerTraffic } from '../redaction/register-traffic';
import type { Screenshots } from './screenshots';

export interface TraceRequest {
  readonly url: string;
  readonly method: string;
  readonly resourceType: string;
  readonly startedAtMs: number;
  durationMs: number | null;
  status: number | null;
  mimeType: string;
  location: string | null;
}

export interface TraceRecording {
  readonly requests: readonly TraceRequest[];
  /** By the picture's file name. Not redacted yet: some secrets are known at the end only. */
  readonly trees: ReadonlyMap<string, { readonly url: string; readonly tree: TreeNode }>;
}

/** Recordings of one run, by `<target>-<route>`. */
export type TraceRecordings = Map<string, TraceRecording>;

const mostRequests = 2_000;

/** Starts recording; the picture taker it returns also takes the page's structure. `startedAt` is the journey's zero. */
export function recordTrace(
  page: Page,
  screenshots: Screenshots,
  redactor: Redactor,
  startedAt: number,
): { screenshots: Screenshots; recording: TraceRecording } {
  const requests: TraceRequest[] = [];
  const byRequest = new Map<Request, TraceRequest>();
  const trees = new Map<string, { url: string; tree: TreeNode }>();
  const elapsed = (): number => Math.round(performance.now() - startedAt);
  page.on('request', (request) => {
    if (requests.length >= mostRequests) return;
    const seen: TraceRequest = {
      url: request.url(),
      method: request.method(),
      resourceType: request.resourceType(),
      startedAtMs: elapsed(),
      durationMs: null,
      status: null,
      mimeType: '',
      location: null,
    };
    requests.push(seen);
    byRequest.set(request, seen);
  });
  page.on('response', (response) => {
    const seen = byRequest.get(response.request());
    if (!seen) return;
    seen.durationMs = elapsed() - seen.startedAtMs;
    seen.status = response.status();
    const headers = response.headers();
    seen.mimeType = headers['content-type'] ?? '';
    seen.location = headers['location'] ?? null;
    const list = (all: Record<string, string>): { name: string; value: string }[] => Object.entries(all).map(([name, value]) => ({ name, value }));
    registerTraffic({ url: seen.url, body: '', requestHeaders: list(response.request().headers()), responseHeaders: list(headers) }, redactor);
  });
  return {
    recording: { requests, trees },
    screenshots: {
      taken: screenshots.taken,
      drawn: screenshots.drawn,
      take: async (caption) => {
        const file = await screenshots.take(caption);
        // A page that is not to be pictured is not to be rebuilt either: style sheets tell what they add to texts, and how letters are arranged.
        const tree = file === null || screenshots.drawn.has(file) ? null : await readPageTree(page);
        if (file !== null && tree !== null) trees.set(file, { url: page.url(), tree });
        return file;
      },
    },
  };
}
