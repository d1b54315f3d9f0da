import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Lab, startLab } from '../lab/start-lab';
import { runLab } from './testing/run-lab';

const kb = 'adfs-signing-cert-rolled';
let lab: Lab;
let out: string;

test.beforeAll(async () => {
  [lab, out] = await Promise.all([startLab(), mkdtemp(join(tmpdir(), 'signin-probe-test-'))]);
});
test.afterAll(async () => {
  await lab?.close();
  await rm(out, { recursive: true, force: true });
});

for (const { face, withText } of [
  { face: 'errorhandler', withText: true },
  { face: '401', withText: false },
  { face: '500', withText: false },
  { face: 'sts-loop', withText: false },
  { face: 'sts-prompt', withText: false },
] as const)
  test(`after a rollover the face ${face} gives KB 2686840 ${
    withText ? 'confirmed' : 'probable'
  } with a last good state and ${withText ? 'probable' : 'suspected'} without one`, async () => {
    await rm(join(lab.folder, '.signin-probe'), { recursive: true, force: true });
    await lab.setFaults([]);
    lab.setFace(face);
    await lab.rollover('promote');
    for (const { route, causes, summary } of await runLab(lab, out, `${face}, no history`))
      expect(causes[0], `${route}: ${summary}`).toMatchObject({ id: kb, kb: '2686840', certainty: withText ? 'probable' : 'suspected' });
    await lab.setFaults([]);
    await runLab(lab, out, 'healthy');
    await lab.rollover('promote');
    for (const { route, causes, summary } of await runLab(lab, out, `${face}, with history`))
      expect(causes[0], `${route}: ${summary}`).toMatchObject({ id: kb, certainty: withText ? 'confirmed' : 'probable' });
  });
