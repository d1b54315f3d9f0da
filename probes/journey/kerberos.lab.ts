/** `account: { windows: current }` against a real key distribution centre (MIT) and a real Kerberos service (Apache's mod_auth_gssapi). */
import { expect, test } from '@playwright/test';
import type { Stage, Symptom } from '../../contracts/words';
import { findBrowser } from '../browser/browser';
import { servicePrincipal, stsHost, userPrincipal } from '../testing/kerberos/kdc';
import { type KerberosWishes, type KerberosWorld, partyHost, type SignIn, type SignInOptions, startKerberosWorld } from '../testing/kerberos/kerberos-world';
import { missingPrograms } from '../testing/kerberos/programs';
import { wiaPath } from '../testing/kerberos/sts-behind';
import { dnsServer } from '../testing/dns-server';

const missing = missingPrograms();
test.skip(missing !== null, `Kerberos cannot be tested here: ${missing}`);

async function inWorld(
  wishes: KerberosWishes,
  work: (world: KerberosWorld, signIn: (options: Omit<SignInOptions, 'browser'>) => Promise<SignIn>) => Promise<void>,
): Promise<void> {
  const search = await findBrowser({ configured: null });
  if (!search.ok) throw new Error(search.why);
  const world = await startKerberosWorld(wishes);
  try {
    await work(world, (options) => world.signIn({ browser: search.choice, ...options }));
  } finally {
    await world.close();
  }
}

/** What Apache saw of the Windows sign-in: status, scheme sent and the user it knew then, in order. */
async function windowsSignIns({ apache }: KerberosWorld): Promise<(readonly [status: number, scheme: string | null, user: string | null])[]> {
  return (await apache.accesses()).filter(({ path }) => path === wiaPath).map(({ status, scheme, user }) => [status, scheme, user] as const);
}

const wiaExchange = ({ evidence }: SignIn): SignIn['evidence']['exchanges'][number] | undefined =>
  evidence.exchanges.findLast(({ url }) => url.includes(wiaPath));

/** What holds for every sign-in: one question to the STS, no password, no ticket in the evidence, nothing left on the disk. */
function expectGoodManners({ evidence, leftInTemporaryFolder }: SignIn): void {
  expect(evidence.journey).toMatchObject({ rounds: 1, credentialSubmissions: 0 });
  expect(evidence.method).toBe('windows');
  // GSSAPI tokens begin with 0x60 0x82 ("YII" in base64); the server's answer comes after the scheme.
  expect(JSON.stringify(evidence)).not.toMatch(/YII[\w+/]{40,}|Negotiate [\w+/=]{12,}/);
  expect(leftInTemporaryFolder).toEqual([]);
}

async function expectSignedIn(world: KerberosWorld, signIn: SignIn): Promise<void> {
  const { evidence, result } = signIn;
  expect(evidence.journey, evidence.journey.why).toMatchObject({ signedIn: 'yes', symptom: 'none', failedAt: null, tokenPosts: 1 });
  expect(evidence.journey.why).toContain(`The STS took the ticket of ${userPrincipal} for ${servicePrincipal} (Negotiate-Kerberos).`);
  expect(result).toMatchObject({ signedIn: 'yes', method: 'windows' });
  expect(result.causes.map(({ id }) => id)).not.toContain('wia-spn-missing-or-duplicate');
  expect(wiaExchange(signIn)).toMatchObject({ status: 200, authorization: 'Negotiate-Kerberos', step: 'credentials' });
  expect(await windowsSignIns(world)).toEqual([
    [401, null, null],
    [200, 'Negotiate', userPrincipal],
  ]);
  expect(world.sts.tokensFor).toEqual([userPrincipal]);
  expect(world.party.refusals).toEqual([]);
  expectGoodManners(signIn);
}

function expectEnding(signIn: SignIn, ending: { symptom: Symptom; failedAt: Stage; why: RegExp; authorization: string | null }): void {
  const { journey, timings } = signIn.evidence;
  expect(journey, journey.why).toMatchObject({ signedIn: 'no', symptom: ending.symptom, failedAt: ending.failedAt, tokenPosts: 0 });
  expect(journey.why).toMatch(ending.why);
  expect(wiaExchange(signIn)).toMatchObject({ status: 401, authorization: ending.authorization });
  expect(timings.totalMs, 'the deadline is 20 s').toBeLessThan(8_000);
  expectGoodManners(signIn);
}

test.describe('with a ticket', () => {
  test('the current account signs in, and evidence and server agree that it was Kerberos', async () => {
    await inWorld({}, async (world, signIn) => expectSignedIn(world, await signIn({ cache: await world.kdc.ticket() })));
  });

  test('names from a DNS server of its own do not disturb the service name', async () => {
    const dns = await dnsServer({ [stsHost]: '127.0.0.1', [partyHost]: '127.0.0.1' });
    try {
      await inWorld({}, async (world, signIn) => expectSignedIn(world, await signIn({ cache: await world.kdc.ticket(), dns: dns.address })));
    } finally {
      dns.close();
    }
  });

  test('it is used where NTLM is offered beside Negotiate, as AD FS does', async () => {
    await inWorld({ alsoOffersNtlm: true }, async (world, signIn) => expectSignedIn(world, await signIn({ cache: await world.kdc.ticket() })));
  });

  test('nobody but the STS gets it', async () => {
    await inWorld({ partyAsks: true }, async (world, signIn) => {
      await world.kdc.administer(`addprinc -randkey HTTP/${partyHost}`); // it could have one
      const { evidence } = await signIn({ cache: await world.kdc.ticket() });
      expect(evidence.journey).toMatchObject({ signedIn: 'no', symptom: 'http-401', failedAt: 'crm-redirect' });
      expect(world.hosts.arrivals.map(({ headers }) => headers.authorization).filter(Boolean)).toEqual([]);
      expect(evidence.exchanges.map(({ authorization }) => authorization)).toEqual([null]);
    });
  });

  test('full Chromium signs in at the first challenge of its fresh profile', async () => {
    const search = await findBrowser({ configured: 'chromium' });
    test.skip(!search.ok, 'Full Chromium is not installed (optional: apt-get install --no-install-recommends chromium).');
    if (!search.ok) return;
    await inWorld({}, async (world) => expectSignedIn(world, await world.signIn({ browser: search.choice, cache: await world.kdc.ticket() })));
  });
});

for (const alsoOffersNtlm of [false, true])
  test.describe(alsoOffersNtlm ? 'where NTLM is offered too' : 'where Negotiate alone is offered', () => {
    test('without a ticket the sign-in ends at once, and says that there is none', async () => {
      await inWorld({ alsoOffersNtlm }, async (world, signIn) => {
        const ended = await signIn({ cache: 'FILE:there-is-none' });
        expectEnding(ended, {
          symptom: 'http-401',
          failedAt: 'credentials',
          why: /got no ticket for HTTP\/sts\.contoso\.test: No credentials were supplied/,
          authorization: null,
        });
        expect((await windowsSignIns(world)).map(([status, scheme]) => [status, scheme])).not.toContainEqual([401, 'Negotiate']);
        expect(ended.result.causes.map(({ id }) => id)).not.toContain('wia-spn-missing-or-duplicate');
      });
    });

    test('a ticket for keys the service does not have is refused at once, and the SPN is named as a possible cause', async () => {
      await inWorld({ alsoOffersNtlm }, async (world, signIn) => {
        // The SPN moves to another key, as to another account: the service keeps its old one.
        await world.kdc.administer(`change_password -randkey ${servicePrincipal}`);
        const ended = await signIn({ cache: await world.kdc.ticket() });
        const why = /refused the ticket of probe@CONTOSO\.TEST for HTTP\/sts\.contoso\.test@CONTOSO\.TEST \(Negotiate-Kerberos\)/;
        expectEnding(ended, { symptom: 'repeated-prompt', failedAt: 'credentials', why, authorization: 'Negotiate-Kerberos' });
        expect((await windowsSignIns(world)).slice(0, 2)).toEqual([
          [401, null, null],
          [401, 'Negotiate', null],
        ]);
        expect(await world.apache.errorLog()).toContain('not found in keytab');
        expect(ended.result.causes.map(({ id }) => id)).toContain('wia-spn-missing-or-duplicate');
      });
    });
  });

test.describe('when there is no usable ticket', () => {
  test('an expired one is not sent, and the ending says that it has expired', async () => {
    await inWorld({ clockSkewSeconds: 1 }, async (world, signIn) => {
      const issuedAt = Date.now();
      const cache = await world.kdc.ticket({ lifetimeSeconds: 1 });
      // A second of life and one of tolerance, in whole seconds.
      await expect.poll(() => Date.now() - issuedAt, { intervals: [100] }).toBeGreaterThan(3_100);
      expect(await world.kdc.validTickets(cache)).toBeNull();
      expectEnding(await signIn({ cache }), { symptom: 'http-401', failedAt: 'credentials', why: /got no ticket for .*expired/, authorization: null });
      expect((await windowsSignIns(world)).map(([, scheme]) => scheme)).not.toContain('Negotiate');
    });
  });

  test('a service name the realm does not know ends at once, with the name', async () => {
    await inWorld({}, async (world, signIn) => {
      await world.kdc.administer(`delete_principal -force ${servicePrincipal}`);
      const ended = await signIn({ cache: await world.kdc.ticket() });
      expectEnding(ended, {
        symptom: 'http-401',
        failedAt: 'credentials',
        why: /Server HTTP\/sts\.contoso\.test@CONTOSO\.TEST not found in Kerberos database/,
        authorization: null,
      });
      expect(ended.evidence.pages.at(-1)?.texts).toMatchObject({
        ticketFor: `HTTP/${stsHost}`,
        ticketFailure: expect.stringContaining('not found in Kerberos database'),
      });
    });
  });

  test('a service that has RC4 keys only, where RC4 is not allowed any more, is named as such, and neither the SPN nor the zone', async () => {
    await inWorld({ alsoOffersNtlm: true, aesOnly: true }, async (world, signIn) => {
      const cache = await world.kdc.ticket();
      await world.kdc.administer(`delprinc -force ${servicePrincipal}`);
      await world.kdc.administer(`addprinc -randkey -e arcfour-hmac:normal ${servicePrincipal}`);
      const { evidence, result } = await signIn({ cache });
      expect(evidence.journey.why).toMatch(/no support for encryption type|FINDING_SERVER_KEY/i);
      expect(result.causes[0]).toMatchObject({ id: 'kerberos-encryption-type-refused', certainty: 'confirmed' });
      expect(result.causes.map(({ id }) => id)).not.toContain('wia-spn-missing-or-duplicate');
    });
  });

  test('a key distribution centre that does not answer ends at once, and says so', async () => {
    await inWorld({}, async (world, signIn) => {
      const cache = await world.kdc.ticket();
      await world.kdc.stop();
      expectEnding(await signIn({ cache }), {
        symptom: 'http-401',
        failedAt: 'credentials',
        why: /Cannot contact any KDC for realm 'CONTOSO\.TEST'/,
        authorization: null,
      });
    });
  });
});
