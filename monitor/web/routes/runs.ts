/** A run's report as it was written, and two runs compared. Reports are documents of their own: their policy lets them do nothing. */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Comparison } from '../../../contracts/comparison';
import { compare } from '../../../diagnosis/compare';
import { baselineOf } from '../../../diagnosis/compare/baseline-of';
import { comparableRun } from '../../../diagnosis/compare/comparable-run';
import { renderComparisonHtml } from '../../../reports/comparison-html';
import { renderHtml } from '../../../reports/html';
import { sendMessage, sendPage } from '../answer';
import { reportPolicy } from '../guard/security-headers';
import { comparePage } from '../pages/compare';
import type { StoredReport } from '../../store/store';
import type { WebContext } from '../web-context';

const run = z.string().min(1).max(100);
const runParams = z.object({ run });
const compareQuery = z.object({ before: run, after: run });
const gone = ['There is no such report', 'The run is unknown, or its report is past its retention. Its verdict is kept with its slot.'] as const;

export function registerRuns(web: FastifyInstance, context: WebContext): void {
  const { store, now, tool } = context;
  const comparisonOf = async (query: unknown): Promise<Comparison | null> => {
    const given = compareQuery.safeParse(query);
    if (!given.success) return null;
    const [before, after] = await Promise.all([store.report(given.data.before), store.report(given.data.after)]);
    if (!before || !after) return null;
    const at = now().toISOString();
    return compare(sideOf(before), sideOf(after), { id: `web-${randomBytes(4).toString('hex')}`, at, tool, change: null, expect: [] });
  };

  web.get('/runs/:run/report.html', async (request, reply) => {
    const stored = await store.report(runParams.parse(request.params).run);
    if (!stored) return sendMessage(context, request, reply, 404, ...gone);
    return reply
      .header('content-security-policy', reportPolicy)
      .type('text/html; charset=utf-8')
      .send(stored.html ?? renderHtml(stored.report, {}));
  });
  web.get('/runs/:run/report.json', async (request, reply) => {
    const { run: runId } = runParams.parse(request.params);
    const stored = await store.report(runId);
    if (!stored) return sendMessage(context, request, reply, 404, ...gone);
    return reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', 'attachment; filename="report.json"')
      .send(JSON.stringify(stored.report, null, 2));
  });
  web.get('/compare', async (request, reply) => {
    const comparison = await comparisonOf(request.query);
    if (!comparison)
      return sendMessage(
        context,
        request,
        reply,
        404,
        'These two cannot be compared',
        'Choose two runs in a list of slots. Reports are kept for a while only; a run whose report is gone cannot be compared.',
      );
    return sendPage(
      context,
      request,
      reply,
      comparePage(comparison, `/compare/report.html?${new URLSearchParams(request.query as Record<string, string>).toString()}`),
    );
  });
  web.get('/compare/report.html', async (request, reply) => {
    const comparison = await comparisonOf(request.query);
    if (!comparison) return sendMessage(context, request, reply, 404, ...gone);
    return reply.header('content-security-policy', reportPolicy).type('text/html; charset=utf-8').send(renderComparisonHtml(comparison));
  });
}

const sideOf = ({ report }: StoredReport) => baselineOf([comparableRun(report, null)], { name: null, savedAt: report.run.finishedAt });
