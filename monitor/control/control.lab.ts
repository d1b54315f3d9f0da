import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runningWatches, startControl } from './control';

test('what a killed watch left behind is removed; one that is there and does not answer once is found the next time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'signin-probe-control-'));
  const place = join(folder, '.signin-probe', 'watch');
  await mkdir(place, { recursive: true });
  const busy = createServer((request) => request.socket.destroy());
  await new Promise<void>((resolve) => void busy.listen(0, '127.0.0.1', resolve));
  const gone = createServer();
  await new Promise<void>((resolve) => void gone.listen(0, '127.0.0.1', resolve));
  for (const [name, server] of Object.entries({ busy, gone })) {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await writeFile(join(place, `${name}.json`), JSON.stringify({ pid: process.pid, url, token: 'x', page: null, startedAt: new Date().toISOString() }));
  }
  await new Promise((resolve) => gone.close(resolve));
  const control = await startControl(folder, () => undefined);
  try {
    await control.announce('http://127.0.0.1:1');
    expect(await runningWatches(folder)).toMatchObject([{ page: 'http://127.0.0.1:1' }]);
    expect(await readdir(place)).toEqual([expect.stringMatching(/^\d+-\d+\.json$/), 'busy.json']);
  } finally {
    busy.close();
    await control.close();
    await rm(folder, { recursive: true, force: true });
  }
});
