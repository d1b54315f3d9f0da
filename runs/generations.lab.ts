import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parse, stringify } from 'yaml';
import type { Evidence, RouteEvidence } from '../contracts/evidence';
import type { TargetFile } from '../contracts/target';
import type { Result } from '../contracts/report';
import type { AdfsGeneration } from '../lab/adfs/generation';
import { newTotpSecret } from '../lab/adfs/totp';
import type { CrmVersion } from '../lab/crm/versions';
import { type Lab, type LabOptions, startLab } from '../lab/start-lab';
import { runOnLab } from './testing/run-lab';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Change = (target: Mutable<TargetFile>) => void;

interface Signed {
  readonly results: readonly Result[];
  readonly evidence: readonly RouteEvidence[];
  /** Every text file of the run folder. */
  readonly written: string;
}

/** A lab and a way to sign in to it, with the lab's configuration or a changed one; all gone afterwards. */
async function onLab(options: LabOptions, body: (lab: Lab, signIn: (change?: Change) => Promise<Signed>) => Promise<void>): Promise<void> {
  const [lab, out] = await Promise.all([startLab(options), mkdtemp(join(tmpdir(), 'signin-probe-test-'))]);
  try {
    await body(lab, async (change = () => undefined) => {
      const config = parse(await readFile(lab.config, 'utf8')) as { targets: Mutable<TargetFile>[] };
      config.targets.forEach(change);
      const path = join(lab.folder, 'changed.yaml');
      await writeFile(path, stringify(config, { lineWidth: 0 }));
      const { report, folder } = await runOnLab({ config: path }, out, 'generations');
      const { results } = JSON.parse(await readFile(join(folder, 'evidence.json'), 'utf8')) as Evidence;
      const files = (await readdir(folder)).filter((name) => /\.(json|html|md|xml|har)$/.test(name));
      const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
      return { results: report.results, evidence: results, written: texts.join('\n') };
    });
  } finally {
    await lab.close();
    await rm(out, { recursive: true, force: true });
  }
}

const outcomes = (results: readonly Result[]): string[] => results.map(({ route, verdict, causes }) => `${route} ${verdict} ${causes[0]?.id ?? '-'}`);
const ifdOnly: Change = (target) => {
  delete target.internal;
};
const both = (verdict: string, cause = '-'): string[] => [`internal ${verdict} ${cause}`, `ifd ${verdict} ${cause}`];

/** Generations and versions as they were sold together. */
const pairs: readonly (readonly [AdfsGeneration, CrmVersion])[] = [
  ['2.0', '2011'],
  ['2.1', '2013'],
  ['3.0', '2015'],
  ['2016', '2016'],
  ['2019', '8.2'],
  ['2022', '9'],
];

for (const [generation, crmVersion] of pairs)
  test(`AD FS ${generation} with CRM ${crmVersion}: both routes sign in with WhoAmI, and a wrong password is called one`, async () => {
    await onLab({ generation, crmVersion }, async (lab, signIn) => {
      const { results, evidence } = await signIn();
      expect(outcomes(results), results.map(({ summary }) => summary).join('\n')).toEqual(both('healthy'));
      expect(results.map(({ method }) => method)).toEqual(['windows', 'forms']);
      for (const { whoAmI, exchanges } of evidence) {
        const older = ['2011', '2013', '2015'].includes(crmVersion);
        expect(whoAmI).toMatchObject({ ok: true, organizationId: lab.crm.organization.id, userName: lab.crm.users[0]?.upn });
        expect(whoAmI?.url).toMatch(older ? /\/XRMServices\/2011\/Organization\.svc\/web$/ : /\/api\/data\/v\d\.\d\/WhoAmI$/);
        expect(exchanges.some(({ wsfed }) => wsfed?.wctx?.includes('crmorgid='))).toBe(crmVersion === '8.2' || crmVersion === '9');
      }
      await lab.setFaults(['wrong-password']);
      const wrong = await signIn();
      expect(outcomes(wrong.results), wrong.results.map(({ summary }) => summary).join('\n')).toEqual(both('unknown', 'wrong-password'));
      expect(lab.adfs.counters.passwordRefusals + lab.adfs.counters.ntlmRefusals).toBe(1);
    });
  });

for (const [name, options] of [
  ['paginated', { generation: '2019', paginated: true }],
  ['paginated, with the own user name filled in', { generation: '2022', paginated: true, prefilledUser: 'CONTOSO\\probe' }],
  ["paginated, with somebody else's user name filled in", { generation: '2019', paginated: true, prefilledUser: 'somebody.else@contoso.test' }],
  ["with somebody else's user name filled in", { generation: '3.0', prefilledUser: 'somebody.else@contoso.test' }],
  ['customised', { generation: '3.0', customisedPages: true, keepSignedIn: true }],
  ['German, with other methods beside it', { generation: '2016', language: 'de', keepSignedIn: true, otherMethods: true }],
  ['German, of AD FS 2.1', { generation: '2.1', language: 'de' }],
] as const satisfies readonly (readonly [string, LabOptions])[])
  test(`the form ${name}: a right password signs in, a wrong one is called so`, async () => {
    await onLab(options, async (lab, signIn) => {
      const { results } = await signIn(ifdOnly);
      expect(outcomes(results), results[0]?.summary).toEqual(['ifd healthy -']);
      expect(lab.adfs.counters).toMatchObject({ passwordSubmissions: 1, passwordRefusals: 0, keptSignIns: 0 });
      await lab.setFaults(['wrong-password']);
      const wrong = await signIn(ifdOnly);
      expect(outcomes(wrong.results), wrong.results[0]?.summary).toEqual(['ifd unknown wrong-password']);
    });
  });

for (const generation of ['2.0', '2022'] as const)
  test(`AD FS ${generation} asks for the home realm: the configured one is chosen, by name or identifier; without one the page is the cause`, async () => {
    await onLab({ generation, hrd: true }, async (_, signIn) => {
      const chosen = await signIn();
      expect(outcomes(chosen.results), chosen.results[0]?.summary).toEqual(both('healthy'));
      const byIdentifier = await signIn((target) => {
        ifdOnly(target);
        target.account.realm = 'ad authority';
      });
      expect(outcomes(byIdentifier.results)).toEqual(['ifd healthy -']);
      const without = await signIn((target) => {
        ifdOnly(target);
        delete target.account.realm;
      });
      expect(outcomes(without.results)).toEqual(['ifd broken hrd-page-shown']);
      expect(without.evidence[0]?.journey.why).toContain('It offers "Active Directory", "Fabrikam"; account.realm is not set');
      const other = await signIn((target) => {
        ifdOnly(target);
        target.account.realm = 'Litware';
      });
      expect(outcomes(other.results)).toEqual(['ifd broken hrd-page-shown']);
      expect(other.evidence[0]?.journey.why).toContain('"Litware" (account.realm) is not among them');
    });
  });

test('a one-time code is answered from account.totp and its secret is written nowhere; without it or with a wrong one that is the cause', async () => {
  await onLab({ generation: '3.0', totp: true }, async (lab, signIn) => {
    const answered = await signIn(ifdOnly);
    expect(outcomes(answered.results), answered.results[0]?.summary).toEqual(['ifd healthy -']);
    expect(answered.evidence[0]?.pages.map(({ action }) => action)).toContain('typed a one-time code');
    expect(answered.written).not.toContain(await readFile(join(lab.folder, 'totp'), 'utf8'));
    const without = await signIn((target) => {
      ifdOnly(target);
      delete target.account.totp;
    });
    expect(outcomes(without.results)).toEqual(['ifd broken mfa-required-for-probe']);
    const path = join(lab.folder, 'other-totp');
    await writeFile(path, newTotpSecret(), { mode: 0o600 });
    const wrong = await signIn((target) => {
      ifdOnly(target);
      target.account.totp = `file:${path}`;
    });
    expect(outcomes(wrong.results)).toEqual(['ifd broken mfa-required-for-probe']);
    expect(wrong.evidence[0]?.journey.why).toContain('Check account.totp');
    expect(lab.adfs.counters.codeRefusals).toBe(1);
  });
});

test('a secret that is no TOTP secret is refused before anybody signs in, and not shown', async () => {
  await onLab({ totp: true }, async (lab, signIn) => {
    await writeFile(join(lab.folder, 'totp'), 'not a secret 123');
    await expect(signIn(ifdOnly)).rejects.toThrow(/account\.totp\): expected the secret of an authenticator app in base32/);
    expect(lab.adfs.counters.passwordSubmissions).toBe(0);
  });
});

test('the error page of AD FS 2.x is known in any language, with its reference number', async () => {
  await onLab({ generation: '2.0', language: 'de' }, async (lab, signIn) => {
    await lab.setFaults(['rp-identifier-missing']);
    const { results, evidence } = await signIn(ifdOnly);
    expect(outcomes(results)).toEqual(['ifd broken rp-identifier-missing']);
    expect(evidence[0]?.pages.at(-1)).toMatchObject({ kind: 'sts-error', recognisedBy: 'adfs-2-error', texts: { reference: lab.adfs.log.at(-1)?.activityId } });
  });
});

test('the bare internal address leads to the own organization, and WhoAmI is asked there', async () => {
  await onLab({ crmVersion: '2013' }, async (lab, signIn) => {
    const { results, evidence } = await signIn((target) => {
      target.internal = { url: lab.crm.addresses.internal };
      delete target.ifd;
    });
    expect(outcomes(results), results[0]?.summary).toEqual(['internal healthy -']);
    expect(evidence[0]?.whoAmI?.url).toBe(`${lab.crm.addresses.internal}Contoso/XRMServices/2011/Organization.svc/web`);
  });
});
