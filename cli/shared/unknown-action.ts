import { nearestMatch } from '../../config/nearest-match';
import { ProbeFault } from '../../contracts/probe-fault';

/** For a command with actions: the message for a word that is none. */
export function unknownAction(command: string, given: string, actions: readonly string[]): ProbeFault {
  const near = nearestMatch(given, actions);
  return new ProbeFault(`signin-probe ${command} "${given}": ${near ? `did you mean "${near}"? ` : ''}Expected ${actions.join(', ')}.`);
}
