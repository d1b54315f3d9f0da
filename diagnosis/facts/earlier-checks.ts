import type { Claim } from '../../contracts/report';
import { tokenDestination } from './misdirected-token';
import { rolloverTwins, type Twin } from './rollover-twins';

/** CRM checks a token in this order and stops at the first fault (field guide §16). */
const inOrder: readonly Twin['name'][] = ['encryption certificate', 'clock skew', 'audience', 'issuer name'];

type Parts = Parameters<typeof rolloverTwins>[0] & Parameters<typeof tokenDestination>[0];

/**
 * What may have ended the token's check before it came to this one, as claims; empty when each earlier check is seen to hold. Without words of CRM's own a
 * cause is confirmed
 * only then: an earlier fault masks it, and one that cannot be seen may be there.
 */
export function openBefore(evidence: Parts, check: Twin['name']): readonly Claim[] {
  const destination = tokenDestination(evidence);
  const earlier = rolloverTwins(evidence).filter(({ name, state }) => inOrder.indexOf(name) < inOrder.indexOf(check) && state !== 'refuted');
  return [
    ...(destination.state === 'published' ? [] : [{ text: `Not excluded, where the token went: ${whereTo(destination)}.`, refs: [] }]),
    ...earlier.map(({ name, state, why, refs }) => ({ text: `${state === 'present' ? 'Checked before' : 'Not excluded'}, ${name}: ${why}.`, refs: [...refs] })),
  ];
}

const whereTo = (destination: Exclude<ReturnType<typeof tokenDestination>, { readonly state: 'published' }>): string =>
  destination.state === 'unknown' ? destination.why : `it was sent to ${destination.action}, which CRM does not name`;
