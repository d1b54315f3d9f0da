/** A run's report as it was written, and two runs compared. Reports are documents of their own: their policy lets them do nothing. */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Comparison } from '../../../contracts/comparison';
import { compare } from '../../../diagnosis/compare';
import { baselineOf } from '../../../diagnosis/compare/baseline-of';
import { comparableRun } from '../../../diagnosis/compare/comparable-run';
import { renderComparisonHtml } from '../../../reports/comparison-html';
import { renderHtml } from '../../../reports/html';
import { sendMessage, sendPage } from '../answer';
import { reportPolicy } from '../../server/security-headers';
import { comparePage } from '../pages/compare';
import type { StoredReport } from '../../store/store';
import type { WebContext } from '../web-context';

const run = z.string().min(1).max(100);
const runParams = z.object({ run });
const compareQuery = z.object({ before: run, after: run });

type Refusal = readonly [status: number, title: string, text: string];
const gone: Refusal = [404, 'There is no such report', 'The run is unknown, or its report is past its retention. Its verdict is kept with its slot.'];
const unreadable: Refusal = [
  422,
  'This report cannot be read',
  'What is stored for this run is no report of this version of signin-probe: it was damaged, or an agent of another version handed it in. ' +
    'Its verdict is kept with its slot; see that watch and its agents have one version.',
];
const incomparable: Refusal = [
  404,
  'These two cannot be compared',
  'Choose two runs in a list of slots. Reports are kept for a while only; a run whose report is gone cannot be compared.',
];

export function registerRuns(web: FastifyInstance, context: WebContext): void {
  const { store, now, tool } = context;
  const refuse = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal): Promise<FastifyReply> => sendMessage(context, request, reply, ...refusal);
  const reportOf = async (params: unknown): Promise<StoredReport | Refusal> => {
    const given = runParams.safeParse(params);
    const stored = given.success ? await store.report(given.data.run) : null;
    if (!stored) return gone;
    return 'report' in stored ? stored : unreadable;
  };
  const comparisonOf = async (query: unknown): Promise<Comparison | Refusal> => {
    const given = compareQuery.safeParse(query);
    if (!given.success) return incomparable;
    const [before, after] = await Promise.all([store.report(given.data.before), store.report(given.data.after)]);
    if (!before || !after) return incomparable;
    if (!('report' in before) || !('report' in after)) return unreadable;
    const at = now().toISOString();
    return compare(sideOf(before), sideOf(after), { id: `web-${randomBytes(4).toString('hex')}`, at, tool, change: null, expect: [] });
  };

  web.get('/runs/:run/report.html', async (request, reply) => {
    const stored = await reportOf(request.params);
    if (!('report' in stored)) return refuse(request, reply, stored);
    return reply
      .header('content-security-policy', reportPolicy)
      .type('text/html; charset=utf-8')
      .send(stored.html ?? renderHtml(stored.report, {}));
  });
  web.get('/runs/:run/report.json', async (request, reply) => {
    const stored = await reportOf(request.params);
    if (!('report' in stored)) return refuse(request, reply, stored);
    return reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', 'attachment; filename="report.json"')
      .send(JSON.stringify(stored.report, null, 2));
  });
  web.get('/compare', async (request, reply) => {
    const comparison = await comparisonOf(request.query);
    if (!('comparison' in comparison)) return refuse(request, reply, comparison);
    return sendPage(
      context,
      request,
      reply,
      comparePage(comparison, `/compare/report.html?${new URLSearchParams(request.query as Record<string, string>).toString()}`),
    );
  });
  web.get('/compare/report.html', async (request, reply) => {
    const comparison = await comparisonOf(request.query);
    if (!('comparison' in comparison)) return refuse(request, reply, comparison);
    return reply.header('content-security-policy', reportPolicy).type('text/html; charset=utf-8').send(renderComparisonHtml(comparison));
  });
}

const sideOf = ({ report }: StoredReport) => baselineOf([comparableRun(report, null)], { name: null, savedAt: report.run.finishedAt });
