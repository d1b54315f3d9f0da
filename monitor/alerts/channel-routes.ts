import type { ChannelKind } from '../../contracts/alert-config';
import type { AlertEvent, AlertRecord } from '../../contracts/monitoring';

/** Which messages a channel gets. */
export interface ChannelRoute {
  readonly name: string;
  readonly kind: ChannelKind;
  readonly from: AlertRecord['severity'];
  /** Null = all that people read. */
  readonly events: readonly AlertEvent[] | null;
  /** Null = of every target. */
  readonly targets: readonly string[] | null;
}

const severities: readonly AlertRecord['severity'][] = ['info', 'warning', 'critical'];
/** These keep incidents of their own, which have to be acknowledged and closed even where people need no message. */
const keepsState: readonly ChannelKind[] = ['pagerduty', 'webhook'];
const forIncidents: readonly AlertEvent[] = ['acknowledged', 'closed'];

/** True where a channel gets such an event of so severe an alert. Which targets it is for is another question. */
export function reaches({ kind, from, events }: ChannelRoute, event: AlertEvent, severity: AlertRecord['severity']): boolean {
  if (severities.indexOf(severity) < severities.indexOf(from)) return false;
  if (events === null) return !forIncidents.includes(event) || keepsState.includes(kind);
  return events.includes(event) || (event === 'closed' && keepsState.includes(kind) && events.includes('recovered'));
}
