import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import type { SeriesKey } from '../../contracts/monitoring';
import type { Report, Result } from '../../contracts/report';
import { addressParts } from '../../reports/words/hop';
import { stepLabels } from '../../reports/words/labels';

export interface RunToTrace {
  readonly series: SeriesKey;
  readonly run: Report['run'];
  readonly result: Result;
}

/**
 * One trace per run: the sign-in as the root span, each exchange (request and answer of the page itself) as a span of its own. Addresses are those of
 * the report, without secrets; bodies, cookies and headers are not part of it.
 */
export function recordRun(tracer: Tracer, { series, run, result }: RunToTrace): void {
  const startedAt = Date.parse(run.startedAt);
  const root = tracer.startSpan(
    `sign-in ${series.target} ${series.route}`,
    {
      root: true,
      startTime: startedAt,
      attributes: {
        'signin_probe.target': series.target,
        'signin_probe.route': series.route,
        'signin_probe.location': series.location,
        'signin_probe.run': run.id,
        'signin_probe.verdict': result.verdict,
        ...(result.causes[0] ? { 'signin_probe.cause': result.causes[0].id, 'signin_probe.certainty': result.causes[0].certainty } : {}),
        ...(result.causes[0]?.kb ? { 'signin_probe.kb': result.causes[0].kb } : {}),
        ...(result.failedAt ? { 'signin_probe.failed_at': result.failedAt } : {}),
        ...(result.method ? { 'signin_probe.method': result.method } : {}),
      },
    },
    ROOT_CONTEXT,
  );
  const within = trace.setSpan(ROOT_CONTEXT, root);
  let lastMs = result.timings.totalMs;
  for (const { seq, step, method, url, status, failure, startedAtMs, durationMs, requestId } of result.exchange) {
    const endMs = startedAtMs + (durationMs ?? 0);
    lastMs = Math.max(lastMs, endMs);
    const span = tracer.startSpan(
      `${method} ${stepLabels[step]}`,
      {
        kind: SpanKind.CLIENT,
        startTime: startedAt + startedAtMs,
        attributes: {
          'http.request.method': method,
          'url.full': url,
          'server.address': addressParts(url).host,
          'signin_probe.seq': seq,
          'signin_probe.step': step,
          ...(status === null ? {} : { 'http.response.status_code': status }),
          ...(failure === null ? {} : { 'error.type': failure }),
          ...(requestId === null ? {} : { 'signin_probe.request_id': requestId }),
        },
      },
      within,
    );
    // A 401 in the middle of Windows sign-in is no failure; a status of 500 or no answer is.
    if (failure !== null || (status !== null && status >= 500)) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(startedAt + endMs);
  }
  if (result.verdict === 'broken') root.setStatus({ code: SpanStatusCode.ERROR, message: result.summary });
  root.end(startedAt + lastMs);
}
