import type { ChannelKind } from '../../contracts/alert-config';
import type { AlertEvent, AlertRecord } from '../../contracts/monitoring';
import type { Notice } from './notice';

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

/** The notice as each channel is to have it: with its own targets only. Channels it is not for are left out. */
export function noticesByChannel(notice: Notice, routes: readonly ChannelRoute[]): { readonly channel: string; readonly notice: Notice }[] {
  return routes.flatMap(({ name, kind, from, events, targets }) => {
    if (severities.indexOf(notice.alert.severity) < severities.indexOf(from)) return [];
    if (notice.dissolved && !keepsState.includes(kind)) return [];
    if (events === null ? notice.event === 'acknowledged' && !keepsState.includes(kind) : !events.includes(notice.event)) return [];
    if (targets === null || notice.event === 'recovered') return [{ channel: name, notice }];
    const members = notice.alert.members.filter(({ target }) => targets.includes(target));
    return members.length === 0 ? [] : [{ channel: name, notice: { ...notice, alert: { ...notice.alert, members } } }];
  });
}
