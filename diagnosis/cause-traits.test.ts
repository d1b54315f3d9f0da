import { expect, test } from '@playwright/test';
import { causeIds } from '../contracts/causes';
import type { ServerEvent } from '../contracts/evidence';
import { stageOrder } from '../contracts/words';
import { isForetold, liesWith, ruleOf } from './cause-traits';
import { rules } from './causes';
import { leadsOf } from './facts/server-events';

test('a cause of another version, and no cause, lies with nobody', () => {
  for (const none of ['no-such-cause', 'constructor', null]) {
    expect([liesWith(none), isForetold(none)]).toEqual([null, false]);
    expect(ruleOf(none)).toBe(null);
  }
});

test('what a forecast foretells lies with the STS and strikes when the token is made or judged', () => {
  const foretold = causeIds.filter(isForetold);
  expect(foretold).toEqual(['adfs-signing-cert-rolled', 'adfs-signing-cert-expired']);
  for (const id of foretold) expect([liesWith(id), stageOrder.indexOf(rules[id].stage) > stageOrder.indexOf('credentials')]).toEqual(['sts', true]);
});

test('an event about the account speaks for the causes that lie with the account, no more and no fewer', () => {
  const refusal = { side: 'sts', id: 411, text: '' } as ServerEvent;
  expect([...leadsOf(refusal)].sort()).toEqual(causeIds.filter((id) => liesWith(id) === 'account').sort());
});
