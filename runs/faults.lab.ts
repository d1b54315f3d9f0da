import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { faultIds } from '../lab/faults';
import type { FaultId } from '../lab/lab-types';
import { type Lab, startLab } from '../lab/start-lab';
import { expectedVerdict, mayStandBehind, showsOver } from './testing/fault-expectations';
import { runLab } from './testing/run-lab';

let lab: Lab;
let out: string;

test.beforeAll(async () => {
  [lab, out] = await Promise.all([startLab(), mkdtemp(join(tmpdir(), 'signin-probe-test-'))]);
  expect((await runLab(lab, out, 'healthy')).map(({ verdict }) => verdict)).toEqual(['healthy', 'healthy']);
  await cp(lastGood(), join(out, 'last-good'), { recursive: true });
});
test.beforeEach(async () => {
  await lab.setFaults([]);
  // Every fault is compared with the healthy lab: a fault under which sign-in works would record itself as the last good state.
  await rm(lastGood(), { recursive: true, force: true });
  await cp(join(out, 'last-good'), lastGood(), { recursive: true });
});
test.afterAll(async () => {
  await lab?.close();
  await rm(out, { recursive: true, force: true });
});

const kb: FaultId = 'adfs-signing-cert-rolled';
const lastGood = (): string => join(lab.folder, '.signin-probe');

for (const id of faultIds)
  test(`${id} in the lab is named first, and KB 2686840 only where it is the cause`, async () => {
    await lab.setFaults([id]);
    for (const { route, causes, verdict, summary } of await runLab(lab, out, id)) {
      if (!showsOver(id).includes(route)) {
        expect(verdict, `${route}: ${summary}`).toBe('healthy');
        continue;
      }
      const named = causes.map((cause) => cause.id);
      expect(named[0] === mayStandBehind(id) ? named[1] : named[0], `${route}: ${summary}`).toBe(id);
      expect(verdict, route).toBe(expectedVerdict(id));
      if (id !== kb)
        expect(
          causes.map((cause) => cause.id),
          route,
        ).not.toContain(kb);
    }
  });
