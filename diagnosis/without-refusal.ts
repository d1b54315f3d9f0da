import type { RouteEvidence } from '../contracts/evidence';
import type { Judgement } from '../contracts/rule';
import { cannotTell, clear } from './define-rule';
import type { WindowsSignIn } from './facts/windows-sign-in';
import { withoutStop } from './facts/wording';

/** What a rule about a refused Windows sign-in says where none was refused. */
export function withoutRefusal(
  { state }: Exclude<WindowsSignIn, { readonly state: 'refused' }>,
  { exchanges, journey }: Pick<RouteEvidence, 'exchanges' | 'journey'>,
): Judgement {
  switch (state) {
    case 'not-asked':
      return exchanges.length === 0 ? cannotTell('No exchange with the STS was seen.') : clear('The STS did not ask for Windows credentials.');
    case 'not-recorded':
      return cannotTell('The recording does not show whether Windows credentials were sent.');
    case 'accepted':
      return clear('The STS accepted the Windows sign-in.');
    case 'not-answered':
      return journey.withheld === null
        ? clear('The browser sent no Windows credentials.')
        : cannotTell(`The credentials were ${withoutStop(journey.withheld)}.`);
  }
}
