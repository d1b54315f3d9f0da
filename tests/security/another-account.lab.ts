/**
 * A browser that may use the logged-on account although a password account is configured: by a managed policy, which outranks the command line.
 * Against a real key distribution centre and a real Kerberos service; the policy lies in a mount namespace of the browser's own.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type BrowserChoice, findBrowser } from '../../probes/browser/browser';
import { type KerberosWorld, startKerberosWorld } from '../../probes/testing/kerberos/kerberos-world';
import { missingPrograms } from '../../probes/testing/kerberos/programs';
import { wiaPath } from '../../probes/testing/kerberos/sts-behind';
import { chromiumPath } from './testing/chromium-path';

const full = process.env.SECURITY_FULL === '1';
const password = 'A password that nobody has 1';
const missing = missingPrograms();
const chromium = chromiumPath();

function mayMount(): boolean {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test.skip(missing !== null, `Kerberos cannot be tested here: ${missing}`);
test.skip(chromium === undefined, 'Full Chromium is not installed (optional: apt-get install --no-install-recommends chromium).');
test.skip(!mayMount(), 'Mounting is not allowed here, so no policy can be set for one browser alone.');

/** Chromium under a managed policy that nobody else on the machine sees. */
function underPolicy(folder: string, policy: object): string {
  const [file, script] = [join(folder, 'policy.json'), join(folder, 'chromium')];
  writeFileSync(file, JSON.stringify(policy));
  const inside =
    `mount -t tmpfs tmpfs /etc/chromium && mkdir -p /etc/chromium/policies/managed && cp '${file}' ` +
    `/etc/chromium/policies/managed/test.json && exec '${chromium}' "$@"`;
  writeFileSync(script, `#!/bin/sh\nexec unshare -m sh -c '${inside.replace(/'/g, "'\\''")}' sh "$@"\n`);
  chmodSync(script, 0o755);
  return script;
}

const worlds = [false, true];
const accounts = ['CONTOSO\\other', 'probe@contoso.test', 'CONTOSO\\probe'];
const policies = ['none', '*'];

for (const alsoOffersNtlm of full ? worlds : [false])
  test.describe(alsoOffersNtlm ? 'where NTLM is offered too' : 'where Negotiate alone is offered', () => {
    test.setTimeout(240_000);
    let world: KerberosWorld;
    let folder: string;
    test.beforeAll(async () => {
      world = await startKerberosWorld({ alsoOffersNtlm });
      folder = mkdtempSync(join(tmpdir(), 'signin-probe-policy-'));
    });
    test.afterAll(async () => {
      await world?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    for (const policy of policies)
      for (const hasTicket of [true, false])
        for (const user of full ? accounts : accounts.slice(0, 1))
          test(`${user} is not healthy by ${hasTicket ? "another's ticket" : 'no ticket'} with ${
            policy === 'none' ? 'no policy' : 'a policy that allows every server'
          }`, async () => {
            const found = await findBrowser({ configured: 'chromium' });
            if (!found.ok) throw new Error(found.why);
            const browser: BrowserChoice =
              policy === 'none' ? found.choice : { ...found.choice, executablePath: underPolicy(folder, { AuthServerAllowlist: policy }) };
            const cache = hasTicket ? await world.kdc.ticket() : 'FILE:there-is-none';
            const { evidence, result } = await world.signIn({ browser, cache, account: { user, password } });
            const silently = (await world.apache.accesses()).some(({ path, user: known }) => path === wiaPath && known !== null);
            test
              .info()
              .annotations.push(
                { type: 'threat', description: 'another account signs in than the one configured' },
                { type: 'attempts', description: '1' },
                { type: 'leaks', description: String(result.verdict === 'healthy' || result.verdict === 'at-risk' ? 1 : 0) },
              );
            expect(['healthy', 'at-risk'], result.summary).not.toContain(result.verdict);
            expect(evidence.journey.signedIn).not.toBe('yes');
            if (policy === '*' && hasTicket) {
              expect(silently, 'the policy has to be in force for this test to show anything').toBe(true);
              expect(result).toMatchObject({ verdict: 'unknown', why: expect.stringContaining('the configured password was not tested') });
            }
            if (policy === 'none') expect(silently, 'the ticket must not be used').toBe(false);
          });
  });
