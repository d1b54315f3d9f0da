import { existsSync, readFileSync, statSync } from 'node:fs';
import { test, expect } from '@playwright/test';
import { parse } from 'yaml';
import { configSchema } from '../contracts/target';
import { createTestClient, type TestClient } from './client-for-tests';
import type { RefusalFace } from './crm/crm';
import { kbRepairOrder } from './repair';
import { startLab, type Lab } from './start-lab';

let lab: Lab;
test.beforeAll(async () => {
  lab = await startLab();
});
test.afterAll(() => lab?.close());
test.beforeEach(async () => {
  await lab.setFaults([]);
  lab.setFace('errorhandler');
});

const newClient = (of: Lab = lab): TestClient => createTestClient(of, readFileSync(of.ca, 'utf8'));
const routes = () => [lab.urls.internal, lab.urls.ifd] as const;
const apiOf = (url: string): string => `${url.slice(0, url.lastIndexOf('/'))}/api/data/v9.1/WhoAmI`;

async function outcome(url: string): Promise<'signed in' | 'refused' | 'not reached'> {
  const answer = await newClient().signIn(url);
  if (answer.status !== 302 || !answer.location) return 'not reached';
  return answer.headers['set-cookie']?.some((line) => line.startsWith('MSISAuth=')) ? 'signed in' : 'refused';
}
const outcomes = async (): Promise<string[]> => [await outcome(lab.urls.internal), await outcome(lab.urls.ifd)];

test('a healthy lab signs in over both routes and proves it with the shell and WhoAmI', async () => {
  for (const url of routes()) {
    const client = newClient();
    const posted = await client.signIn(url);
    expect(posted.status).toBe(302);
    const session = posted.headers['set-cookie']?.filter((line) => line.startsWith('MSISAuth')) ?? [];
    expect(session.map((line) => line.split('=')[0])).toEqual(['MSISAuth', 'MSISAuth1']);
    for (const line of session)
      expect(line).toMatch(url === lab.urls.ifd ? /; domain=\.contoso\.test; path=\/; secure; HttpOnly$/ : /; path=\/; secure; HttpOnly$/);
    const shell = await client.follow(posted.location ?? '');
    expect(shell.url).toBe(url);
    expect(shell.text).toContain('id="crmTopBar"');
    const whoAmI = await client.get(apiOf(url));
    expect(whoAmI.headers['content-type']).toContain('application/json');
    const { UserId, OrganizationId } = JSON.parse(whoAmI.text) as Record<string, string>;
    expect(OrganizationId).toBe(lab.crm.organization.id);
    const user = JSON.parse(
      (await client.get(`${apiOf(url).replace('WhoAmI', `systemusers(${UserId})`)}?$select=fullname,domainname,internalemailaddress`)).text,
    ) as Record<string, string>;
    expect(user).toMatchObject({ fullname: 'Sign-in Probe', domainname: 'CONTOSO\\probe', internalemailaddress: 'probe@contoso.test' });
  }
});

test('without a session pages and Web API alike are sent to AD FS', async () => {
  const client = newClient();
  for (const url of [...routes(), ...routes().map(apiOf)]) {
    const answer = await client.get(url);
    expect(answer.status).toBe(302);
    expect(answer.location).toContain(`${lab.urls.sts}/adfs/ls/?wa=wsignin1.0&wtrealm=https%3a%2f%2f`);
    expect(answer.headers.server).toBe('Microsoft-IIS/10.0');
    expect(answer.text).toContain('<h2>Object moved to <a href="https://sts.contoso.test');
  }
});

test('after a promoted rollover CRM refuses the token on both routes, in each face', async () => {
  await lab.rollover('promote');
  const check: Record<RefusalFace, (answer: Awaited<ReturnType<TestClient['signIn']>>) => void> = {
    errorhandler: ({ status, location }) => {
      expect(status).toBe(302);
      expect(new URL(location ?? '').pathname).toBe('/_common/error/errorhandler.aspx');
      expect(new URL(location ?? '').searchParams.get('Parm0')).toContain(
        'Error Details: ID4175: The issuer of the security token was not recognized by the IssuerNameRegistry.',
      );
    },
    '401': ({ status, headers, text }) => {
      expect(status).toBe(401);
      expect(headers['content-type']).toBe('text/plain');
      expect(text).toBe('HTTP Error 401 - Unauthorized: Access is denied');
    },
    '500': ({ status, text }) => {
      expect(status).toBe(500);
      expect(text).toContain("Server Error in '/' Application.");
      expect(text).not.toContain('ID4175');
    },
    'sts-loop': ({ status, location }) => {
      expect(status).toBe(302);
      expect(location).toContain(`${lab.urls.sts}/adfs/ls/?wa=wsignin1.0`);
      expect(location).not.toContain('wfresh');
    },
    'sts-prompt': ({ status, location }) => {
      expect(status).toBe(302);
      expect(location).toMatch(/&wfresh=0$/);
    },
  };
  for (const [face, judge] of Object.entries(check) as [RefusalFace, (typeof check)[RefusalFace]][]) {
    lab.setFace(face);
    for (const url of routes()) {
      const answer = await newClient().signIn(url);
      judge(answer);
      expect(answer.headers['set-cookie'] ?? []).toEqual([]);
    }
  }
  expect(lab.state().crm.lastRefusal?.id).toBe('ID4175');
});

test('a generated certificate that waits as secondary breaks nothing, an urgent one does', async () => {
  await lab.rollover('generate');
  expect(lab.state().certificates.signingSecondary).not.toBeNull();
  expect(await outcomes()).toEqual(['signed in', 'signed in']);
  await lab.rollover('urgent');
  expect(await outcomes()).toEqual(['refused', 'refused']);
  await lab.setFaults([]);
  expect(lab.state().obstacles).toEqual([]);
  expect(await outcomes()).toEqual(['signed in', 'signed in']);
});

test("the KB's repair cures a rollover, its short path alone does not", async () => {
  await lab.setFaults(['adfs-signing-cert-rolled']);
  const cured: boolean[] = [];
  for (const step of kbRepairOrder) {
    const result = await lab.repair(step);
    expect(result).toMatchObject({ step, ok: true });
    cured.push(result.cured);
    if (cured.length === 3) expect(await outcomes()).toEqual(['refused', 'refused']);
  }
  expect(cured.slice(0, 7)).not.toContain(true);
  expect(cured.at(-1)).toBe(true);
  expect(await outcomes()).toEqual(['signed in', 'signed in']);
});

const wrongOrders: readonly (readonly [why: string, steps: readonly string[], after: readonly string[]])[] = [
  ['claims were not disabled first', ['configure claims', 'configure IFD', 'iisreset', 'restart AD FS'], ['refused', 'refused']],
  ['IIS was not reset after disabling', ['disable claims', 'configure claims', 'configure IFD', 'iisreset'], ['refused', 'refused']],
  ['IIS was not reset at the end', ['disable claims', 'iisreset', 'configure claims', 'configure IFD', 'restart AD FS'], ['no redirect', 'no redirect']],
  ['IFD was forgotten', ['disable claims', 'iisreset', 'configure claims', 'iisreset'], ['signed in', 'refused']],
];
for (const [why, steps, after] of wrongOrders)
  test(`a repair does not cure when ${why}`, async () => {
    await lab.setFaults(['adfs-signing-cert-rolled']);
    for (const step of steps) expect((await lab.repair(step)).cured).toBe(false);
    if (after[0] === 'no redirect') {
      for (const url of routes()) {
        const answer = await newClient().get(url);
        expect(answer.status).toBe(401);
        expect(answer.headers['www-authenticate']).toBe('Negotiate, NTLM');
      }
    } else expect(await outcomes()).toEqual(after);
  });

test('configuring IFD before claims is refused and says why; step names are forgiving, unknown ones are not', async () => {
  await lab.repair('Disable Claims');
  await lab.repair('iisreset');
  expect(await lab.repair('configure-ifd')).toMatchObject({
    step: 'configure IFD',
    ok: false,
    did: expect.stringContaining('expected claims-based authentication to be configured first'),
  });
  expect(await lab.repair('Update-Federation-Metadata')).toMatchObject({ step: 'update federation metadata', ok: false });
  await expect(lab.repair('reboot')).rejects.toThrow(
    'expected one of update federation metadata, iisreset, restart AD FS, disable claims, configure claims, configure IFD',
  );
});

test('CRM publishes its own signed metadata and the name of its STS to anybody', async () => {
  const client = newClient();
  const path = 'FederationMetadata/2007-06/FederationMetadata.xml';
  const internal = await client.get(`${lab.crm.addresses.internal}${path}`);
  expect(internal.text).toContain(`<Address>${lab.crm.addresses.internal}</Address>`);
  expect(internal.text).not.toContain(lab.crm.addresses.organization);
  const ifd = await client.get(`${lab.crm.addresses.auth}${path}`);
  for (const address of [lab.crm.addresses.auth, lab.crm.addresses.organization, lab.crm.addresses.discovery])
    expect(ifd.text).toContain(`<Address>${address}</Address>`);
  for (const query of ['?wsdl', '?wsdl=wsdl0']) {
    const wsdl = await client.get(`${lab.crm.addresses.organization}XRMServices/2011/Organization.svc${query}`);
    expect(wsdl.text).toContain('<ms-xrm:Authentication>Federation</ms-xrm:Authentication>');
    expect(wsdl.text).toContain('<ms-xrm:Identifier>http://sts.contoso.test/adfs/services/trust</ms-xrm:Identifier>');
  }
});

test('the written configuration is valid, holds no secret, and its folder goes with the lab', async () => {
  const own = await startLab();
  const text = readFileSync(own.config, 'utf8');
  expect(configSchema.safeParse(parse(text)).success).toBe(true);
  expect(text).not.toContain(own.credentials.password);
  expect(text.split('\n')[0]).toMatch(/^# yaml-language-server: \$schema=/);
  const file = own.accounts[0]?.passwordFile ?? '';
  expect(readFileSync(file, 'utf8')).toBe(own.credentials.password);
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.stringify(own.state())).not.toContain(own.credentials.password);
  await own.close();
  expect(existsSync(own.folder)).toBe(false);
});

test('two labs in one process do not disturb each other', async () => {
  const other = await startLab({ shell: 'unified' });
  try {
    await lab.setFaults(['crm-app-pool-down']);
    const client = newClient(other);
    const posted = await client.signIn(other.urls.ifd);
    expect((await client.follow(posted.location ?? '')).text).toContain('id="ApplicationShell"');
    expect((await newClient().get(lab.urls.ifd)).status).toBe(503);
    expect(other.credentials.password).not.toBe(lab.credentials.password);
  } finally {
    await other.close();
  }
});

test.describe('with the password given', () => {
  const given = 'Given-1"\'<&>%';
  let before: string | undefined;
  test.beforeEach(() => {
    before = process.env.SIGNIN_PROBE_LAB_PASSWORD;
    process.env.SIGNIN_PROBE_LAB_PASSWORD = given;
  });
  test.afterEach(() => {
    if (before === undefined) delete process.env.SIGNIN_PROBE_LAB_PASSWORD;
    else process.env.SIGNIN_PROBE_LAB_PASSWORD = before;
  });

  test('the environment variable becomes the account password and is what the configuration refers to', async () => {
    const own = await startLab();
    try {
      expect(own.accounts).toEqual([{ user: 'CONTOSO\\probe', passwordEnv: 'SIGNIN_PROBE_LAB_PASSWORD' }]);
      expect(readFileSync(own.config, 'utf8')).toContain('password: env:SIGNIN_PROBE_LAB_PASSWORD');
      expect(own.credentials.password).toBe(given);
      expect((await newClient(own).signIn(own.urls.ifd)).headers['set-cookie']?.join()).toContain('MSISAuth=');
    } finally {
      await own.close();
    }
  });
});
