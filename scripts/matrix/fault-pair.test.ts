import { expect, test } from '@playwright/test';
import { causeIds } from '../../contracts/causes';
import { maskingOrder, maskingPairs } from '../../lab/masking-order';
import { claimsKbWrongly, type FaultPair, isMetFirst, isOverCertain, pairLines, pairNamed, pairsMeetGoal } from './fault-pair';

const pair = (over: Partial<FaultPair>): FaultPair => ({
  faults: ['clock-skew-crm-vs-adfs', 'adfs-signing-cert-rolled'],
  route: 'ifd',
  verdict: 'broken',
  causes: [{ id: 'clock-skew-crm-vs-adfs', certainty: 'confirmed' }],
  ...over,
});
const clock = { id: 'clock-skew-crm-vs-adfs', certainty: 'confirmed' } as const;

test('fourteen faults make 91 pairs, each named in either order', () => {
  expect(maskingOrder.every((id) => causeIds.includes(id))).toBe(true);
  expect(maskingPairs).toHaveLength(91);
  expect(pairNamed('adfs-signing-cert-rolled+clock-skew-crm-vs-adfs')).toEqual(['clock-skew-crm-vs-adfs', 'adfs-signing-cert-rolled']);
  expect(pairNamed('clock-skew-crm-vs-adfs')).toBeUndefined();
});

test('a pair is right when what the sign-in met comes first', () => {
  expect(isMetFirst(pair({}))).toBe(true);
  expect(pairsMeetGoal([pair({})])).toBe(true);
  const other = pair({ causes: [{ id: 'adfs-signing-cert-rolled', certainty: 'suspected' }, clock] });
  expect(isMetFirst(other)).toBe(false);
  expect(claimsKbWrongly(other)).toBe(true);
  expect(pairsMeetGoal([pair({}), other])).toBe(false);
  expect(pairLines([other])[1]).toContain('adfs-signing-cert-rolled (suspected)');
});

test('the KB is wrong where it is not among the two; a masked cause that is confirmed, and one above its ceiling, are over-certain', () => {
  const faults = ['clock-skew-crm-vs-adfs', 'audience-realm-mismatch'] as const;
  expect(claimsKbWrongly(pair({ faults, causes: [clock, { id: 'adfs-signing-cert-rolled', certainty: 'suspected' }] }))).toBe(true);
  expect(isOverCertain(pair({ faults, causes: [clock, { id: 'audience-realm-mismatch', certainty: 'probable' }] }))).toBe(false);
  expect(isOverCertain(pair({ faults, causes: [clock, { id: 'audience-realm-mismatch', certainty: 'confirmed' }] }))).toBe(true);
  expect(isOverCertain(pair({ causes: [clock, { id: 'wap-proxy-trust-broken', certainty: 'probable' }] }))).toBe(true);
});
