/** Pages to look at. Everything in an address is checked; what makes no sense falls back to the page's default. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type SeriesKey, slotStateSchema } from '../../../contracts/monitoring';
import { instantSchema, routeSchema } from '../../../contracts/words';
import { renderForecastCalendar } from '../../../reports/forecast-calendar';
import { dayMs } from '../../../reports/words/time';
import { sendMessage, sendPage } from '../answer';
import { alertPage, alertsPage } from '../pages/alerts';
import { certificatesPage } from '../pages/certificates';
import { overviewDays, overviewPage } from '../pages/overview';
import { silencesPage } from '../pages/silences';
import { slotPage } from '../pages/slot';
import { slotsPage, slotsPerPage } from '../pages/slots';
import { type SpanName, spans, targetPage } from '../pages/target';
import { wallPage } from '../pages/wall';
import { forecastOf } from '../view/calendar';
import type { WebContext } from '../web-context';

const overviewQuery = z.object({ show: z.enum(['all', 'attention']).catch('all'), order: z.enum(['name', 'worst']).catch('name') });
const targetQuery = z.object({ span: z.enum(Object.keys(spans) as [SpanName, ...SpanName[]]).catch('24h') });
const monthQuery = z.object({
  month: z
    .string()
    .regex(/^20\d\d-(0[1-9]|1[0-2])$/)
    .nullable()
    .catch(null),
});
const word = z.string().min(1).max(200).nullable().catch(null);
const slotsQuery = z.object({
  target: word,
  route: routeSchema.nullable().catch(null),
  location: word,
  state: slotStateSchema.nullable().catch(null),
  before: instantSchema.nullable().catch(null),
});
const silenceQuery = z.object({ target: z.string().max(200).catch(''), cause: z.string().max(100).catch('') });
const id = z.object({ id: z.uuid() });
const spanMs: Readonly<Record<SpanName, number>> = { '24h': dayMs, '7d': 7 * dayMs, '30d': 30 * dayMs, '90d': 90 * dayMs };

/** Slots shown on a target's page. */
const newest = 40;

export function registerPages(web: FastifyInstance, context: WebContext): void {
  const { store, now, gate, tool, settings } = context;
  /** Token for the forms of an operator; null for who only looks. */
  const tokenOf = (request: FastifyRequest, reply: FastifyReply): string | null =>
    gate.visitorOf(request, false).role === 'operator' ? gate.formToken(request, reply) : null;
  const notFound = (request: FastifyRequest, reply: FastifyReply, what: string): Promise<FastifyReply> =>
    sendMessage(context, request, reply, 404, `There is no such ${what}`, 'The address is wrong, or what it showed is past its retention.');

  web.get('/', async (request, reply) => {
    const at = now();
    return sendPage(context, request, reply, overviewPage(await store.overview({ days: overviewDays, now: at }), overviewQuery.parse(request.query), at));
  });
  web.get('/wall', async (request, reply) => {
    const at = now();
    return sendPage(context, request, reply, wallPage(await store.overview({ days: 1, now: at }), at));
  });
  web.get('/targets/:target', async (request, reply) => {
    const at = now();
    const { target } = request.params as { target: string };
    const { span } = targetQuery.parse(request.query);
    const rows = (await store.overview({ days: 1, now: at })).filter((row) => row.target === target);
    if (rows.length === 0) return notFound(request, reply, 'target');
    const [from, to] = [new Date(at.getTime() - spanMs[span]).toISOString(), at.toISOString()];
    const [timeline, slots, silences] = await Promise.all([
      store.timeline(target, { from, to }),
      store.slots({ target, limit: newest }),
      store.silences({ now: at }),
    ]);
    const broken = rows.filter(({ verdict }) => verdict === 'broken' || verdict === 'flaky' || verdict === 'unknown');
    const lastGood = await Promise.all(broken.map(({ route, location }) => store.slots({ target, route, location, states: ['healthy', 'at-risk'], limit: 1 })));
    const silenced = silences.filter((silence) => (silence.target === null || silence.target === target) && silence.from <= to);
    return sendPage(
      context,
      request,
      reply,
      targetPage({ target, rows, timeline, slots, lastGood: lastGood.flat(), silences: silenced, span, from, to, token: tokenOf(request, reply) }, at),
    );
  });
  web.get('/certificates', async (request, reply) => {
    const at = now();
    const [certificates, all] = await Promise.all([store.certificates(), store.overview({ days: 1, now: at })]);
    return sendPage(
      context,
      request,
      reply,
      certificatesPage({ certificates, all, month: monthQuery.parse(request.query).month ?? at.toISOString().slice(0, 7) }, at),
    );
  });
  web.get('/certificates.ics', async (_request, reply) => {
    const at = now();
    const [certificates, all] = await Promise.all([store.certificates(), store.overview({ days: 1, now: at })]);
    const report = forecastOf(certificates, all, at, tool, settings.baseUrl === null ? null : `${settings.baseUrl}/certificates`);
    return reply
      .type('text/calendar; charset=utf-8')
      .header('content-disposition', 'attachment; filename="crm-sign-in.ics"')
      .send(renderForecastCalendar(report));
  });
  web.get('/slots', async (request, reply) => {
    const query = slotsQuery.parse(emptyIsNothing(request.query));
    const filter = { ...given(query), ...(query.state === null ? {} : { states: [query.state] }), limit: slotsPerPage + 1 };
    const [slots, series, queues, runners] = await Promise.all([store.slots(filter), store.series(), store.queues(now()), store.runners()]);
    return sendPage(
      context,
      request,
      reply,
      slotsPage({ query, slots: slots.slice(0, slotsPerPage), more: slots.length > slotsPerPage, series, queues, runners }, now()),
    );
  });
  web.get('/slots/:id', async (request, reply) => {
    const params = id.safeParse(request.params);
    const found = params.success ? await store.slot(params.data.id) : null;
    return found ? sendPage(context, request, reply, slotPage(found.slot, found.attempts)) : notFound(request, reply, 'slot');
  });
  web.get('/alerts', async (request, reply) =>
    sendPage(context, request, reply, alertsPage(await store.alerts({ limit: 100 }), tokenOf(request, reply), now())),
  );
  web.get('/alerts/:id', async (request, reply) => {
    const params = id.safeParse(request.params);
    const found = params.success ? await store.alert(params.data.id) : null;
    return found
      ? sendPage(context, request, reply, alertPage(found.alert, found.deliveries, tokenOf(request, reply), now()))
      : notFound(request, reply, 'alert');
  });
  web.get('/silences', async (request, reply) => {
    const [silences, series] = await Promise.all([store.silences({ now: now() }), store.series()]);
    return sendPage(context, request, reply, silencesPage({ silences, series, ...silenceQuery.parse(request.query), token: tokenOf(request, reply) }));
  });
}

/** A form sends its fields that were left alone as empty texts. */
const emptyIsNothing = (query: unknown): Record<string, unknown> => Object.fromEntries(Object.entries(query as object).filter(([, value]) => value !== ''));

const given = ({
  target,
  route,
  location,
  before,
}: {
  target: string | null;
  route: SeriesKey['route'] | null;
  location: string | null;
  before: string | null;
}) => ({
  ...(target === null ? {} : { target }),
  ...(route === null ? {} : { route }),
  ...(location === null ? {} : { location }),
  ...(before === null ? {} : { before }),
});
