/** `trace.zip`: redacted evidence, pictures and recordings in the format of Playwright's trace viewer (version 8, which later viewers read as well). */
import { zipSync } from 'fflate';
import type { Evidence, RouteEvidence } from '../../contracts/evidence';
import type { TreeNode } from '../page-actions/page-tree';
import type { Redactor } from '../redaction/redact';
import { secretFinder } from '../redaction/find-secrets';
import type { TraceRecordings, TraceRequest } from './trace-recorder';

const formatVersion = 8;
const viewport = { width: 1280, height: 800 };

export interface TraceSources {
  /** Already redacted. */
  readonly evidence: Evidence;
  readonly recordings: TraceRecordings;
  /** Pictures by the file names the evidence has. */
  readonly pictures: ReadonlyMap<string, Buffer>;
  readonly redactor: Redactor;
}

export type TraceFile = { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly why: string };

/** One context per target and route. Refuses, with the kinds of secrets, when a last look finds one; nothing is written here. */
export function traceFile({ evidence, recordings, pictures, redactor }: TraceSources): TraceFile {
  const entries: Record<string, Uint8Array> = {};
  const put = (name: string, events: readonly unknown[]): void => {
    entries[name] = Buffer.from(events.map((event) => JSON.stringify(event)).join('\n'));
  };
  const find = secretFinder(redactor.known());
  for (const result of evidence.results) {
    const name = `${result.target}-${result.route}`;
    const recording = recordings.get(name);
    put(`${name}.trace`, contextEvents(name, result, evidence, recording?.trees ?? new Map(), pictures, redactor));
    put(
      `${name}.network`,
      (recording?.requests ?? []).map((request) => resource(name, request, result, redactor)),
    );
    for (const { file } of result.screenshots) {
      const picture = pictures.get(file);
      if (picture) entries[`resources/${resourceName(file)}`] = picture;
    }
  }
  const kinds = [...new Set(Object.entries(entries).flatMap(([name, bytes]) => [...find(Buffer.from(name)), ...find(Buffer.from(bytes))]))];
  if (kinds.length > 0) return { ok: false, why: `a last look found what must not be written (${kinds.join(', ')})` };
  return { ok: true, bytes: zipSync(entries, { level: 6 }) };
}

const resourceName = (file: string): string => file.replace(/^.*\//, '');
const pageId = (name: string): string => `page@${name}`;

function contextEvents(
  name: string,
  result: RouteEvidence,
  { run }: Evidence,
  trees: ReadonlyMap<string, { readonly url: string; readonly tree: TreeNode }>,
  pictures: ReadonlyMap<string, Buffer>,
  redactor: Redactor,
): unknown[] {
  const wallTime = Date.parse(result.startedAt);
  const events: unknown[] = [
    {
      version: formatVersion,
      type: 'context-options',
      origin: 'library',
      browserName: 'chromium',
      platform: 'unknown',
      playwrightVersion: '',
      wallTime,
      monotonicTime: 0,
      sdkLanguage: 'javascript',
      contextId: name,
      title: `${result.target}, ${result.route} (signin-probe ${run.tool}, ${run.browser})`,
      options: { viewport },
    },
    { type: 'event', time: 0, class: 'BrowserContext', method: 'page', params: { pageId: pageId(name) }, pageId: pageId(name) },
  ];
  const visits = result.pages.map((page, index) => ({ page, endTime: result.pages[index + 1]?.atMs ?? Math.max(page.atMs + 1, result.timings.totalMs) }));
  for (const { page, endTime } of visits) {
    const callId = `call@${name}-${page.n}`;
    const shown = page.screenshot === null ? undefined : trees.get(page.screenshot);
    const snapshotName = `before@${callId}`;
    events.push({
      type: 'before',
      callId,
      stepId: callId,
      startTime: page.atMs,
      title: `${page.kind}: ${page.action}`,
      class: 'Page',
      method: page.action === 'arrived' || page.action === 'stopped' ? 'evaluate' : 'fill',
      params: { url: page.url },
      pageId: pageId(name),
      ...(shown ? { beforeSnapshot: snapshotName } : {}),
    });
    const html = shown ? cleanTree(shown.tree, redactor) : null;
    if (shown && html)
      events.push({
        type: 'frame-snapshot',
        snapshot: {
          callId,
          snapshotName,
          pageId: pageId(name),
          frameId: `frame@${name}`,
          frameUrl: redactor.url(shown.url),
          doctype: 'html',
          html,
          viewport,
          timestamp: page.atMs,
          wallTime: wallTime + page.atMs,
          collectionTime: 0,
          resourceOverrides: [],
          isMainFrame: true,
        },
      });
    events.push({ type: 'after', callId, endTime, ...(page.action === 'stopped' ? { error: { name: 'Stopped', message: result.journey.why } } : {}) });
  }
  for (const { file, atMs } of result.screenshots)
    if (pictures.has(file))
      events.push({
        type: 'screencast-frame',
        pageId: pageId(name),
        sha1: resourceName(file),
        ...viewport,
        timestamp: atMs,
        frameSwapWallTime: wallTime + atMs,
      });
  for (const { level, text, atMs } of result.console)
    events.push({
      type: 'console',
      time: atMs,
      pageId: pageId(name),
      messageType: level,
      text,
      args: [],
      location: { url: '', lineNumber: 0, columnNumber: 0 },
    });
  return events;
}

/** The tree with every text and attribute redacted; null where a secret is spread over several texts, which only their sequence tells. */
function cleanTree(tree: TreeNode, redactor: Redactor): TreeNode | null {
  const texts: string[] = [];
  const walk = (node: TreeNode): TreeNode => {
    if (typeof node === 'string') {
      const clean = node.trim() === '' ? node : redactor.text(node);
      texts.push(clean);
      return clean;
    }
    const [name, attributes, ...children] = node;
    return [name, redactor.deep(attributes), ...children.map(walk)];
  };
  const clean = walk(tree);
  const together = texts.join('').replace(/\s+/g, ' ');
  return secretFinder(redactor.known())(Buffer.from(`${together}\n${texts.map((text) => text.trim()).join('')}`)).length === 0 ? clean : null;
}

/** A HAR entry without bodies, cookies and headers other than the type and the way on. */
function resource(name: string, request: TraceRequest, result: RouteEvidence, redactor: Redactor): unknown {
  const url = redactor.url(request.url.startsWith('data:') || request.url.startsWith('blob:') ? `${request.url.slice(0, 5)}[masked]` : request.url);
  const time = request.durationMs ?? 0;
  const mimeType = redactor.text(request.mimeType);
  const location = request.location === null ? '' : redactor.url(request.location);
  const query = /\?([^#]*)/.exec(url)?.[1] ?? '';
  return {
    type: 'resource-snapshot',
    snapshot: {
      pageref: pageId(name),
      startedDateTime: new Date(Date.parse(result.startedAt) + request.startedAtMs).toISOString(),
      time,
      _monotonicTime: request.startedAtMs,
      _frameref: `frame@${name}`,
      _resourceType: request.resourceType,
      request: {
        method: request.method,
        url,
        httpVersion: 'HTTP/1.1',
        cookies: [],
        headers: [],
        queryString: [...new URLSearchParams(query)].map(([key, value]) => ({ name: key, value })),
        headersSize: -1,
        bodySize: -1,
      },
      response: {
        status: request.status ?? -1,
        statusText: '',
        httpVersion: 'HTTP/1.1',
        cookies: [],
        headers: [...(mimeType ? [{ name: 'Content-Type', value: mimeType }] : []), ...(location ? [{ name: 'Location', value: location }] : [])],
        content: { size: -1, mimeType: mimeType || 'x-unknown' },
        redirectURL: location,
        headersSize: -1,
        bodySize: -1,
      },
      cache: {},
      timings: { send: 0, wait: time, receive: 0 },
    },
  };
}
