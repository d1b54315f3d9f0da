import type { RouteState } from '../../contracts/baseline';
import type { Aspects } from './aspect';
import { certificateAspects } from './certificate-aspects';
import { deploymentAspects } from './deployment-aspects';
import { journeyAspects } from './journey-aspects';

/** Everything of one side that is compared by its value; clocks and times are compared as numbers elsewhere. */
export function aspectsOf(state: RouteState): Aspects {
  const parts = [certificateAspects(state), deploymentAspects(state), journeyAspects(state)];
  return { list: parts.flatMap(({ list }) => list), unseen: parts.flatMap(({ unseen }) => unseen) };
}
