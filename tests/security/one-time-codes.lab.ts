/**
 * An authenticator's secret and the codes made from it stand in nothing that a run, healthy or refused, or a live `watch` leaves behind or says;
 * and each code is given once.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { reportSchema } from '../../contracts/report';
import { newTotpSecret, totpCode, totpStep } from '../../lab/adfs/totp';
import { type Lab, startLab } from '../../lab/start-lab';
import { askControl, runningWatches } from '../../monitor/control/control';
import { GivenCodes } from '../../probes/account-state/given-codes';
import { createRedactor } from '../../probes/redaction/redact';
import { readTotpKey } from '../../probes/secrets/one-time-codes';
import { totpWritings } from '../../runs/totp-secrets';
import { scanFolders } from '../../runs/testing/independent-scanner';
import { runCli } from '../../cli/testing/run-cli';
import { readSite, startLiveWatch } from './testing/live-watch';
import { noteSubmissions } from './testing/note-submissions';

test.setTimeout(240_000);
let lab: Lab;
let folder: string;
test.beforeAll(async () => {
  [lab, folder] = await Promise.all([startLab({ totp: true }), mkdtemp(join(tmpdir(), 'signin-probe-codes-'))]);
});
test.afterAll(async () => {
  await lab?.close();
  await rm(folder, { recursive: true, force: true });
});

function report(attempts: number, found: readonly string[]): void {
  test
    .info()
    .annotations.push(
      { type: 'threat', description: 'a secret stands in what a run leaves behind' },
      { type: 'attempts', description: String(attempts) },
      { type: 'leaks', description: String(found.length) },
    );
  expect(found).toEqual([]);
}

/** Files of text below the folder, archives aside: a picture holds any six digits by chance. */
async function texts(path: string): Promise<[string, string][]> {
  const files = (await readdir(path, { recursive: true })).filter((name) => /\.(json|jsonl|html|md|xml|har|prom|ics|csv|txt)$/.test(name));
  return Promise.all(files.map(async (name): Promise<[string, string]> => [name, await readFile(join(path, name), 'utf8')]));
}

/** Writings of secret and codes of that time that stand in a text. */
function standing(secret: string, since: Date, all: readonly (readonly [string, string])[]): string[] {
  const codes = Array.from({ length: totpStep(new Date()) - totpStep(since) + 4 }, (_, n) => totpCode(secret, totpStep(since) - 1 + n));
  const grouped = (secret.match(/.{1,4}/g) ?? []).join(' ');
  return all.flatMap(([name, text]) => [
    ...[secret, secret.toLowerCase(), grouped, grouped.toLowerCase()].filter((each) => text.includes(each)).map(() => `${name}: the secret`),
    ...codes.filter((code) => new RegExp(`(?<![\\d.-])${code}(?![\\d.-])`).test(text)).map(() => `${name}: a code`),
  ]);
}

test('whatever a server says of the secret is masked, also where the configuration has the whole address of a QR code', () => {
  const secret = newTotpSecret();
  const grouped = (secret.match(/.{1,4}/g) ?? []).join(' ');
  const addresses = [secret, grouped, `otpauth://totp/Contoso:probe?secret=${secret}&issuer=Contoso`, `otpauth://totp/probe?secret=${secret.toLowerCase()}`];
  const said = [secret, secret.toLowerCase(), grouped, grouped.toLowerCase(), `otpauth://totp/Contoso:probe?secret=${secret}&issuer=Contoso`];
  const found = addresses.flatMap((configured) => {
    const redactor = createRedactor();
    for (const writing of totpWritings(configured)) redactor.add(writing, 'other');
    return said.filter((text) => standing(secret, new Date(), [['text', redactor.text(`Your key: ${text}. Keep it.`)]]).length > 0);
  });
  report(addresses.length * said.length, found);
});

for (const ending of ['healthy', 'refused'] as const)
  test(`neither the secret nor a code is left or said by a run that ends ${ending}`, async () => {
    const since = new Date();
    const own = (await readFile(join(lab.folder, 'totp'), 'utf8')).trim();
    const secret = ending === 'healthy' ? own : newTotpSecret();
    const address = join(lab.folder, `address-${ending}`);
    await writeFile(address, `otpauth://totp/Contoso:probe?secret=${secret}&issuer=Contoso`, { mode: 0o600 });
    const config = join(lab.folder, `${ending}.yaml`);
    await writeFile(config, (await readFile(lab.config, 'utf8')).replace(/totp: \S+/g, `totp: file:${address}`));
    const [out, state] = [join(folder, ending), join(folder, `state-${ending}`)];
    const { exitCode, stdout, stderr } = await runCli(['run', '--config', config, '--out', out, '--route', 'ifd', '--trace', '--verbose'], {
      env: { SIGNIN_PROBE_STATE: state },
    });
    expect(exitCode, stderr).toBe(ending === 'healthy' ? 0 : 2);
    const terminal = [
      ['standard output', stdout],
      ['standard error', stderr],
    ] as const;
    const written = [...(await texts(out)), ...(await texts(state))];
    const deep = scanFolders([out, state], [{ kind: 'secret of the authenticator', value: secret }], Object.fromEntries(terminal));
    expect(written.length).toBeGreaterThan(4);
    report(deep.files + 2, [...deep.found, ...standing(secret, since, [...written, ...terminal])]);
  });

const lockout = 'the probe locks its own account';
const given = (said: readonly string[]): number => said.filter((text) => text.includes('one-time code given')).length;

test('two runs at once, and a third right after them, give three codes: the STS is given none twice', async () => {
  // The secret is that of the healthy run above: its code counts as given here, too.
  const state = join(folder, 'state-healthy');
  const refused = lab.adfs.counters.codeRefusals;
  const run = (name: string) =>
    runCli(['run', '--config', lab.config, '--out', join(folder, name), '--route', 'ifd', '--json'], { env: { SIGNIN_PROBE_STATE: state } });
  const done = [...(await Promise.all([run('first'), run('second')])), await run('third')];
  test.info().annotations.push({ type: 'threat', description: lockout });
  noteSubmissions(done.length, given(done.map(({ stderr }) => stderr)), done.length);
  expect(lab.adfs.counters.codeRefusals - refused).toBe(0);
  expect(
    done.map(({ exitCode }) => exitCode),
    done.map(({ stderr }) => stderr).join('\n'),
  ).toEqual([0, 0, 0]);
});

test('where no code is left before the deadline the sign-in is unknown, says since when one will be, and gives none', async () => {
  const state = join(folder, 'state-none');
  const config = join(lab.folder, 'short.yaml');
  await writeFile(config, (await readFile(lab.config, 'utf8')).replaceAll('    sts:', '    deadlineSeconds: 8\n    sts:'));
  const key = readTotpKey((await readFile(join(lab.folder, 'totp'), 'utf8')).trim());
  const codes = GivenCodes.in(state);
  for (let n = 0; n < 4; n++) await codes.take(lab.adfs.origin, key!.bytes, totpStep(new Date()));
  const before = { ...lab.adfs.counters };
  const { exitCode, stdout, stderr } = await runCli(['run', '--config', config, '--out', join(folder, 'none'), '--route', 'ifd', '--json'], {
    env: { SIGNIN_PROBE_STATE: state },
  });
  const [result] = reportSchema.parse(JSON.parse(stdout)).results;
  expect({ exitCode, verdict: result?.verdict, causes: result?.causes.map(({ id }) => id) }, stderr).toEqual({ exitCode: 3, verdict: 'unknown', causes: [] });
  expect(result?.why).toMatch(
    /^The STS asks for additional authentication\. Each one-time code is given once: the next one .* valid from 20\S+Z, after this sign-in's deadline\.$/,
  );
  test.info().annotations.push({ type: 'threat', description: lockout });
  noteSubmissions(1, given([stderr]), 0);
  expect(lab.adfs.counters.codeRefusals).toBe(before.codeRefusals);
  // The password was taken: the account is not parked.
  expect((await runCli(['account', 'list', '--json'], { env: { SIGNIN_PROBE_STATE: state } })).stdout).toBe('[]\n');
});

test('nor by a live watch: not by its pages, alerts, metrics and exports, what it prints, nor its store and other files', async () => {
  test.skip(process.env.SECURITY_FULL !== '1', 'watch with an alert takes a minute: with SECURITY_FULL=1');
  const since = new Date();
  const secret = (await readFile(join(lab.folder, 'totp'), 'utf8')).trim();
  const state = join(folder, 'state-live');
  const refused = lab.adfs.counters.codeRefusals;
  const watch = await startLiveWatch({ config: lab.config, folder, state, schedule: 'every 10s' });
  const metrics = async (): Promise<string> => (await fetch(`${watch.page}/metrics`)).text();
  const ask = async (path: string): Promise<string> => {
    const [running] = await runningWatches(folder);
    let text = '';
    if (running) await askControl(running, 'GET', path, { onData: (part) => (text += part.toString()) });
    return text;
  };
  const spoken: [string, string][] = [];
  try {
    await expect.poll(() => ask('/export?format=jsonl'), { timeout: 120_000, intervals: [1_000] }).toContain('"state":"healthy"');
    await lab.rollover('promote');
    await expect.poll(() => watch.alerts.length, { timeout: 120_000, intervals: [1_000] }).toBeGreaterThan(0);
    spoken.push(...(await readSite(watch.page, ['/', '/wall', '/slots', '/alerts', '/certificates', '/certificates.ics', '/silences'])));
    spoken.push(['metrics', await metrics()], ['export as JSON lines', await ask('/export?format=jsonl')], ['export as CSV', await ask('/export?format=csv')]);
    expect(spoken.filter(([name]) => /^200 .*\/report\.html/.test(name)).length, 'reports among the pages').toBeGreaterThan(0);
    expect(spoken.filter(([name]) => /^200 \/alerts\/./.test(name)).length, 'alerts among the pages').toBeGreaterThan(0);
  } finally {
    expect(await watch.stop(), watch.said()).toBe(0);
    await lab.setFaults([]);
  }
  expect(lab.adfs.counters.codeRefusals - refused, 'codes that were given twice').toBe(0);
  spoken.push(['what it prints', watch.said()], ...watch.alerts.map((text, index): [string, string] => [`alert ${index + 1}`, text]));
  const written = [...(await texts(join(folder, 'watch'))), ...(await texts(state))];
  // The store's own files are no text: they are searched for the secret, in every encoding.
  const places = [join(folder, 'watch'), join(folder, '.signin-probe'), state];
  const deep = scanFolders(places, [{ kind: 'secret of the authenticator', value: secret }], Object.fromEntries(spoken));
  report(deep.files + spoken.length, [...deep.found, ...standing(secret, since, [...spoken, ...written])]);
});
