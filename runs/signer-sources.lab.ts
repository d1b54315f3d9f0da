import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Lab, startLab } from '../lab/start-lab';
import { checkTarget } from './check-target';
import { loadTargets } from '../config/targets';
import { runOnLab } from './testing/run-lab';

/** Which certificate signs now, from each source that can tell (docs/diagnostic-trust.md). */
const realm = 'urn:signin-probe:diagnostic';
let lab: Lab;
let out: string;

test.beforeAll(async () => {
  [lab, out] = await Promise.all([startLab(), mkdtemp(join(tmpdir(), 'signin-probe-signer-'))]);
});
// Before each: a lab that is set healthy again has CRM's trusts only.
test.beforeEach(() => {
  const [crm] = lab.adfs.relyingParties;
  if (!crm) throw new Error('the lab has no relying-party trust');
  if (lab.adfs.relyingParties.some(({ identifiers }) => identifiers.includes(realm))) return;
  lab.adfs.relyingParties.push({
    ...crm,
    name: 'signin-probe diagnostic',
    identifiers: [realm],
    wsFedEndpoint: 'https://signin-probe.invalid/',
    encryptionCertificatePem: null,
    encryptClaims: false,
  });
});
test.afterAll(async () => {
  await lab?.close();
  await rm(out, { recursive: true, force: true });
});

async function configWith(line: string): Promise<{ readonly config: string }> {
  const config = join(lab.folder, `${test.info().testId}.yaml`);
  await writeFile(config, `${await readFile(lab.config, 'utf8')}    ${line}\n`);
  return { config };
}

test('the diagnostic trust’s token shows the signer, taken inside the browser, before and after a rollover', async () => {
  const config = await configWith(`diagnosticTrust: ${realm}`);
  const primary = (): string => lab.state().certificates.signingPrimary.sha1;
  const before = primary();
  await runOnLab(config, out, 'healthy');
  await lab.rollover('promote');
  const { report, folder } = await runOnLab(config, out, 'rolled over');
  const evidence = JSON.parse(await readFile(join(folder, 'evidence.json'), 'utf8')) as { results: { diagnosticToken: unknown; token: unknown }[] };
  expect(primary()).not.toBe(before);
  for (const result of evidence.results) {
    expect(result.diagnosticToken).toMatchObject({
      encrypted: false,
      signature: 'valid',
      signer: { sha1: primary() },
      appliesTo: realm,
      postedTo: 'https://signin-probe.invalid/',
    });
    expect(result.token).toMatchObject({ encrypted: true, signature: 'encrypted', signer: null });
  }
  for (const { causes } of report.results) {
    expect(causes[0]).toMatchObject({ id: 'adfs-signing-cert-rolled', certainty: 'confirmed' });
    expect(causes[0]?.because.map(({ text }) => text).join(' ')).toContain('the token of the diagnostic trust shows it');
  }
  await lab.setFaults([]);
});

test('check says whether the diagnostic trust works', async () => {
  const verdictOf = async (line: string): Promise<string | undefined> => {
    const loaded = loadTargets((await configWith(line)).config);
    if (!loaded.ok || !loaded.targets[0]) throw new Error('the configuration is not good');
    return (await checkTarget(loaded.targets[0], { eachNode: false })).findings.find(({ about }) => about === 'diagnostic')?.level;
  };
  expect(await verdictOf(`diagnosticTrust: ${realm}`)).toBe('ok');
  expect(await verdictOf('diagnosticTrust: urn:not:there')).toBe('broken');
});

test('with a copy of CRM’s encryption key the token itself shows the signer, and neither key nor claims’ values are written', async () => {
  const key = lab.crm.database.encryption.keyPem;
  await writeFile(join(lab.folder, 'crm.pem'), key, { mode: 0o600 });
  const { folder } = await runOnLab(await configWith('decryption: { key: ./crm.pem }'), out, 'opened');
  const text = await readFile(join(folder, 'evidence.json'), 'utf8');
  const evidence = JSON.parse(text) as { results: { token: unknown }[] };
  for (const { token } of evidence.results)
    expect(token).toMatchObject({ encrypted: true, decryption: 'opened', signature: 'valid', signer: { sha1: lab.state().certificates.signingPrimary.sha1 } });
  expect(text).not.toContain('S-1-5-21');
  expect(text).not.toContain('PRIVATE KEY');
});

test('a key of another certificate leaves the token closed and says so', async () => {
  const other = await startLab();
  await writeFile(join(lab.folder, 'other.pem'), other.crm.database.encryption.keyPem, { mode: 0o600 });
  await other.close();
  const { folder } = await runOnLab(await configWith('decryption: { key: ./other.pem }'), out, 'closed');
  const evidence = JSON.parse(await readFile(join(folder, 'evidence.json'), 'utf8')) as { results: { token: unknown }[] };
  expect(evidence.results[0]?.token).toMatchObject({
    signature: 'encrypted',
    signer: null,
    decryption: expect.stringContaining('another certificate'),
  });
});
