import type { AlertEvent } from '../../../contracts/monitoring';
import { oneLine } from '../../../reports/safe-text';
import { type Message, messageText } from '../message';

export const pagerDutyAddress = 'https://events.pagerduty.com/v2/enqueue';

type Action = 'trigger' | 'acknowledge' | 'resolve';
const actions: Readonly<Partial<Record<AlertEvent, Action>>> = { recovered: 'resolve', closed: 'resolve', acknowledged: 'acknowledge' };

/** Bodies of the Events API v2, in order. The alert's id is the key of the incident: a message sent twice is one incident. A test opens one and closes it. */
export function pagerDutyBodies(message: Message, routingKey: string): object[] {
  const { notice, links } = message;
  const body = (action: Action): object => ({
    routing_key: routingKey,
    event_action: action,
    dedup_key: `signin-probe:${notice.event === 'test' ? message.deliveryId : notice.alert.id}`,
    ...(action === 'trigger' ? trigger(message) : {}),
  });
  return [...(notice.event === 'test' ? [body('trigger'), body('resolve')] : [body(actions[notice.event] ?? 'trigger')])].map((each) =>
    links.alert ? { ...each, client: 'signin-probe', client_url: links.alert } : { ...each, client: 'signin-probe' },
  );
}

function trigger(message: Message): object {
  const { subject, facts, targets, more, nextStep } = messageText(message);
  const { alert, at } = message.notice;
  return {
    payload: {
      summary: subject.slice(0, 1024),
      source: oneLine(alert.sts ?? alert.members[0]?.target ?? 'signin-probe'),
      severity: alert.severity,
      timestamp: at,
      component: 'sign-in',
      group: alert.members.length === 1 ? alert.members[0]?.target : alert.sts === null ? undefined : oneLine(alert.sts),
      class: oneLine(alert.cause ?? alert.kind),
      custom_details: {
        ...Object.fromEntries(facts.map(({ label, value }) => [label, value])),
        Targets: [...targets, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
        ...(nextStep ? { 'Next step': [nextStep.text, nextStep.command].filter((part) => part !== null).join('\n') } : {}),
      },
    },
    links: message.links.run ? [{ href: message.links.run, text: 'Report of the run' }] : [],
  };
}
