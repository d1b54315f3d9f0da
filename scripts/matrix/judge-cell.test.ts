import { expect, test } from '@playwright/test';
import type { Cell } from './cell';
import { claimsKbWrongly, isInTopThree, isRight } from './judge-cell';

const cell = (over: Partial<Cell>): Cell => ({
  fault: 'crm-validates-signing-chain',
  route: 'ifd',
  face: '401',
  texts: 'english',
  history: true,
  verdict: 'broken',
  signedIn: 'no',
  withLess: null,
  causes: [],
  ...over,
});
const kb = (certainty: 'suspected' | 'probable') => ({ id: 'adfs-signing-cert-rolled', certainty }) as const;
const chain = { id: 'crm-validates-signing-chain', certainty: 'suspected' } as const;

test('what only words tell may be taken for its look-alike as suspected where CRM gives none, never as more, and never where it gives words', () => {
  for (const history of [true, false]) {
    const taken = cell({ history, causes: [kb('suspected'), chain] });
    expect([isRight(taken), isInTopThree(taken), claimsKbWrongly(taken)]).toEqual([true, true, false]);
    expect(isRight(cell({ history, causes: [kb('suspected')] }))).toBe(true);
    expect(claimsKbWrongly(cell({ history, causes: [kb('probable'), chain] }))).toBe(true);
  }
  expect(isRight(cell({ face: 'errorhandler', causes: [kb('suspected')] }))).toBe(false);
  expect(claimsKbWrongly(cell({ face: 'errorhandler', causes: [kb('suspected')] }))).toBe(true);
});

test('nothing named is right for a cause that only words tell, and another cause is not', () => {
  expect(isRight(cell({ fault: 'token-replayed' }))).toBe(true);
  expect(isRight(cell({ fault: 'token-replayed', causes: [kb('suspected')] }))).toBe(false);
  expect(claimsKbWrongly(cell({ fault: 'token-replayed', causes: [kb('suspected')] }))).toBe(true);
});
