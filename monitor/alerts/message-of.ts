import type { Delivery } from '../../contracts/monitoring';
import type { RemedyStep } from '../../contracts/report';
import { isForetold } from '../../diagnosis/cause-traits';
import type { StoreReads } from '../store/store';
import { isOver, type Message } from './message';
import { type Notice, noticeSchema } from './notice';

export interface MessageContext {
  /** Address of the web page of `watch`, without a slash at its end; null = messages have no links. */
  readonly baseUrl: string | null;
}

/** The message of a delivery, with what is looked up when it is sent: the first step of the remedy from the run's report, and whether it was foretold. */
export async function messageOf(store: Pick<StoreReads, 'report' | 'alerts'>, delivery: Delivery, { baseUrl }: MessageContext): Promise<Message> {
  const notice = noticeSchema.parse(delivery.payload);
  const runId = notice.alert.members.find((member) => member.runId !== null)?.runId ?? null;
  const address = (id: string | null, path: (id: string) => string): string | null =>
    baseUrl === null || id === null ? null : baseUrl + path(encodeURIComponent(id));
  return {
    deliveryId: delivery.id,
    notice,
    nextStep: isOver(notice.event) ? null : await nextStepOf(store, notice, runId),
    foretold: await foretoldBy(store, notice),
    links: { alert: address(delivery.alertId, (id) => `/alerts/${id}`), run: address(runId, (id) => `/runs/${id}/report.html`) },
  };
}

/** The forecast alarm that told of this before it happened. */
async function foretoldBy(store: Pick<StoreReads, 'alerts'>, { alert, event }: Notice): Promise<Message['foretold']> {
  if (alert.kind !== 'verdict' || alert.verdict !== 'broken' || alert.sts === null || !isForetold(alert.cause) || isOver(event)) return null;
  // The message goes out without it, too.
  const alerts = await store.alerts({ limit: 1000 }).catch(() => []);
  const forecast = alerts.find(
    ({ kind, sts, openedAt, recoveredAt }) =>
      kind === 'forecast' && sts === alert.sts && openedAt <= alert.openedAt && (recoveredAt === null || recoveredAt >= alert.openedAt),
  );
  return forecast && forecast.breaksAt !== null && forecast.lastNotifiedAt !== null ? { at: forecast.openedAt, breaksAt: forecast.breaksAt } : null;
}

async function nextStepOf(store: Pick<StoreReads, 'report'>, { alert }: Notice, runId: string | null): Promise<RemedyStep | null> {
  const target = alert.members[0]?.target ?? '';
  const location = alert.members[0]?.location ?? '';
  if (alert.kind === 'coverage')
    return {
      text: `See whether the agents of location ${location} run and are not overloaded: the web page shows runners, queue and the reason of each slot.`,
    };
  const member = alert.members.find((each) => each.runId === runId);
  // The report may be past its retention, or on a machine of its own: the message goes out without it.
  const stored = runId === null ? null : await store.report(runId).catch(() => null);
  const found = stored && 'report' in stored ? stored : null;
  const result = found?.report.results.find((each) => each.route === member?.route && each.target === member.target) ?? found?.report.results[0];
  if (alert.kind === 'account')
    return {
      text:
        'See why the STS refused it (the report names the causes), and put the right password where the configuration points ' +
        'to. Then let the probe try it again:',
      ...(result ? { command: `signin-probe account release "${result.settings.account}"` } : {}),
    };
  const cause = result?.causes.find(({ id }) => id === alert.cause) ?? (alert.kind === 'forecast' ? result?.causes[0] : undefined);
  if (cause?.remedy[0]) return cause.remedy[0];
  if (alert.kind === 'forecast') return { text: 'See what to do by when:', command: `signin-probe forecast ${target}` };
  if (alert.verdict === 'flaky') return { text: 'Compare a sign-in that failed with one that worked: the web page shows both attempts of each slot.' };
  return { text: 'Open the report of the run: it shows where the sign-in stopped, and what speaks for and against each cause.' };
}
