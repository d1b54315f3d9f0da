import { request as httpRequest } from 'node:http';
import { test, expect } from '@playwright/test';
import { startLab, type Lab, type LabState, type RepairResult } from './start-lab';

let lab: Lab;
test.beforeAll(async () => {
  lab = await startLab();
});
test.afterAll(() => lab?.close());

interface Reply<Body> {
  readonly status: number;
  readonly body: Body;
}

function ask<Body = { error: string; expected: string }>(
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<Reply<Body>> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(`${lab.control}${path}`, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Body }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
const post = <Body = LabState>(path: string, body: object): Promise<Reply<Body>> => ask<Body>('POST', path, JSON.stringify(body));

test('the control interface breaks, repairs and shows the lab', async () => {
  const rolled = await post('/rollover', { phase: 'promote' });
  expect(rolled.status).toBe(200);
  expect(rolled.body.crm.trustedThumbprint).not.toBe(rolled.body.certificates.signingPrimary.sha1);
  expect(rolled.body.crm.trustedThumbprint).toBe(rolled.body.certificates.signingSecondary?.sha1);
  expect(rolled.body.obstacles).toHaveLength(1);
  for (const step of ['Disable claims', 'IISRESET', 'configure-claims', 'Configure IFD', 'iisreset', 'Update Federation Metadata', 'iisreset'])
    expect((await post<RepairResult>('/repair', { step })).body.ok).toBe(true);
  expect((await post<RepairResult>('/repair', { step: 'restart_ad_fs' })).body).toMatchObject({ step: 'restart AD FS', cured: true });
  expect((await post('/fault', { ids: ['wrong-password', 'tls-cert-expired'] })).body.faults).toEqual(['wrong-password', 'tls-cert-expired']);
  expect((await post('/clock', { host: 'crm', offsetSeconds: 600 })).body.clocks.crm.offsetSeconds).toBe(600);
  expect((await post('/face', { face: '401' })).body.face).toBe('401');
  expect((await post('/fault', { ids: [] })).body).toMatchObject({ faults: [], obstacles: [], face: '401', clocks: { crm: { offsetSeconds: 0 } } });
  const state = await ask<LabState>('GET', '/state');
  expect(state.body.counters).toMatchObject({ tokensIssued: 0, tokenPosts: 0, passwordSubmissions: 0 });
});

test('a wrong request is answered with what was expected', async () => {
  expect(await post('/fault', { ids: ['no-such-cause'] })).toMatchObject({
    status: 400,
    body: { expected: expect.stringContaining('adfs-signing-cert-rolled') },
  });
  expect(await post('/fault', { id: 'wrong-password' })).toMatchObject({ status: 400 });
  expect(await post('/rollover', { phase: 'later' })).toMatchObject({ status: 400, body: { expected: expect.stringContaining('generate, promote, urgent') } });
  expect(await post('/repair', { step: 'reboot' })).toMatchObject({
    status: 400,
    body: { error: 'step: unknown step "reboot"', expected: expect.stringContaining('iisreset') },
  });
  expect(await post('/clock', { host: 'dc', offsetSeconds: '600' })).toMatchObject({ status: 400 });
  expect(await post('/face', { face: 'smile' })).toMatchObject({ status: 400, body: { expected: expect.stringContaining('errorhandler') } });
  expect(await ask('POST', '/fault', '{')).toMatchObject({ status: 400, body: { error: 'the body is not JSON' } });
  expect(await ask('POST', '/fault', 'x'.repeat(70_000))).toMatchObject({ status: 413 });
  expect(await ask('GET', '/fault')).toMatchObject({ status: 405, body: { expected: 'POST /fault' } });
  expect(await ask('GET', '/toString')).toMatchObject({ status: 404, body: { expected: expect.stringContaining('GET /state') } });
});

test('requests for another host name or from a web page are refused', async () => {
  expect(await ask('GET', '/state', undefined, { host: 'evil.example' })).toMatchObject({ status: 403 });
  expect(await ask('POST', '/fault', '{"ids":[]}', { origin: 'https://evil.example' })).toMatchObject({ status: 403 });
  expect(await ask('GET', '/state', undefined, { origin: 'null' })).toMatchObject({ status: 403 });
  expect(await ask('GET', '/state', undefined, { host: 'localhost:1', origin: 'http://127.0.0.1:5000' })).toMatchObject({ status: 200 });
});
