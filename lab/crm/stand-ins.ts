import type { CrmState } from './crm-state';
import type { CrmStandIn, RequestPlace } from './crm-types';
import type { Answer } from './responses';

/** What a fault answers in CRM's place; null where none does. */
export function answerInstead(state: CrmState, at: CrmStandIn['at'], place: RequestPlace, form = new URLSearchParams()): Answer | null {
  for (const standIn of state.settings.standIns) {
    const answer = standIn.at === at ? standIn.answer(place, form) : null;
    if (answer) return answer;
  }
  return null;
}
