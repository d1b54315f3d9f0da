import { expect, test } from '@playwright/test';
import type { Evidence, RouteEvidence } from '../../contracts/evidence';
import type { Repair, RepairProbing, RepairStep, RouteSight } from '../../contracts/repair';
import { repairExitCode } from '../../contracts/repair';
import { diagnose } from '../../diagnosis/diagnose';
import { failed, newSigning, oldSigning, refused, rolled, sample, signing, startedAt, stsMetadata } from '../../diagnosis/testing/sample-evidence';
import { checklist, deploymentOf, rounds } from './checklist';
import { fitOf, outcomeOfLook, outcomeOfRound, outcomeOfSkip } from './judge-probing';
import { routeSight } from './rollover-state';
import { tick } from './step-seen';

const id4175 = 'ID4175: The issuer of the security token was not recognized by the IssuerNameRegistry.';

/** What a run with these routes would have shown. */
function probing(...routes: readonly RouteEvidence[]): RepairProbing {
  const evidence: Evidence = {
    schema: 1,
    run: { id: 'r', startedAt, finishedAt: startedAt, label: null, location: null, tool: '1.0.0', browser: 'b' },
    results: [...routes],
  };
  const report = diagnose(evidence);
  return {
    at: startedAt,
    runId: 'r',
    report: '../../r/report.html',
    afterRound: null,
    routes: report.results.map((result, index) => routeSight(routes[index]!, result)),
  };
}

const afterRollover = (): RepairProbing => probing(refused('internal', rolled, 'error-page', id4175), refused('ifd', rolled, 'error-page', id4175));
const working = (): RepairProbing =>
  probing(sample('internal', { stsMetadata: stsMetadata(newSigning, oldSigning) }), sample('ifd', { stsMetadata: stsMetadata(newSigning, oldSigning) }));

/** The same look with another picture of each route. */
const changed = (base: RepairProbing, over: Partial<RouteSight>): RepairProbing => ({ ...base, routes: base.routes.map((route) => ({ ...route, ...over })) });
const claimsOff = (): RepairProbing =>
  changed(afterRollover(), {
    redirectsToSts: false,
    wsdlAuthentication: 'ActiveDirectory',
    cause: { id: 'crm-claims-disabled-or-half-reconfigured', title: 'Claims are off', kb: null, certainty: 'confirmed', doubts: [] },
  });
const because = (id: string): RouteSight['cause'] => ({ id, title: id, kb: null, certainty: 'confirmed', doubts: [] });

const open = (over: Partial<Repair> = {}): Repair => ({
  schema: 1,
  id: 'contoso-20260302T090000Z-0000',
  target: 'contoso',
  tool: '1.0.0',
  startedAt,
  updatedAt: startedAt,
  state: 'open',
  why: '',
  round: 1,
  rounds,
  steps: checklist(deploymentOf([sample('internal'), sample('ifd')])),
  probings: [],
  anyway: false,
  notes: [],
  ...over,
});

test('where the rollover stands: nothing new, generated, promoted and refused, promoted and taken', () => {
  const stands = ({ routes }: RepairProbing): string =>
    routes.map(({ generated, promoted, crmUpdated }) => [generated.is, promoted.is, crmUpdated.is].join(' ')).join(', ');
  expect(stands(probing(sample('ifd')))).toBe('no no yes');
  expect(stands(probing(sample('ifd', { stsMetadata: stsMetadata(oldSigning, newSigning) })))).toBe('yes no yes');
  expect(stands(afterRollover())).toBe('yes yes no, yes yes no');
  expect(stands(working())).toBe('yes yes yes, yes yes yes');
  expect(stands(probing(sample('ifd', { stsMetadata: { ok: false, url: '', status: null, why: 'No answer.' } })))).toBe('unknown unknown yes');
  expect(stands(probing(sample('ifd', { lastGood: null })))).toBe('unknown unknown yes');
});

test('a rollover that is still to come leaves nothing to repair, and is said with its date', () => {
  const outcome = outcomeOfLook(probing(sample('ifd', { stsMetadata: stsMetadata(oldSigning, newSigning) })), { anyway: false, open: null });
  expect(outcome).toMatchObject({ state: 'nothing-to-repair', round: null });
  expect(outcome.why).toMatch(/sign-in will break when it is promoted about \d{4}-\d\d-\d\d .* UTC/);
});

test('KB 2686840 is led, another root cause is not, and neither is a failure without a cause', () => {
  expect(outcomeOfLook(afterRollover(), { anyway: false, open: null })).toMatchObject({ state: 'open', round: 1 });
  const skewed = changed(afterRollover(), { cause: because('clock-skew-crm-vs-adfs') });
  const refusal = outcomeOfLook(skewed, { anyway: false, open: null });
  expect(refusal).toMatchObject({ state: 'another-cause', round: null });
  expect(refusal.why).toContain('Not KB 2686840, but internal claims and IFD: clock-skew-crm-vs-adfs');
  expect(outcomeOfLook(skewed, { anyway: true, open: null })).toMatchObject({ state: 'open', round: 1 });
  expect(outcomeOfLook(changed(afterRollover(), { cause: null }), { anyway: false, open: null })).toMatchObject({ state: 'another-cause' });
});

test('where one route has another cause it is led, and the other cause is named', () => {
  const [internal, ifd] = afterRollover().routes;
  const mixed = { ...afterRollover(), routes: [internal!, { ...ifd!, cause: because('tls-cert-expired') }] };
  expect(fitOf(mixed)).toMatchObject({
    kind: 'rolled',
    why: expect.stringContaining('IFD: tls-cert-expired (tls-cert-expired, confirmed): this repair does not mend that.'),
  });
});

test('a half-done long way is led from its third round, unless nothing was rolled over', () => {
  expect(outcomeOfLook(claimsOff(), { anyway: false, open: null })).toMatchObject({ state: 'open', round: 3 });
  const never = changed(claimsOff(), { promoted: { is: 'no', why: '' } });
  expect(outcomeOfLook(never, { anyway: false, open: null })).toMatchObject({ state: 'another-cause' });
});

test('a refused account stops everything, and is never taken for the KB', () => {
  const evidence = sample('ifd', { journey: failed('credentials'), whoAmI: null });
  expect(fitOf(probing(evidence))).toMatchObject({ kind: 'refused' });
  const look = outcomeOfLook(probing(evidence), { anyway: true, open: null });
  expect(look).toMatchObject({ state: 'another-cause', round: null });
  expect(look.why).not.toContain('2686840');
  expect(outcomeOfRound(open(), 1, probing(evidence))).toMatchObject({ state: 'open', round: 1 });
});

test('round by round: on while it is the KB, waiting while a server starts, an end after the last', () => {
  expect(outcomeOfRound(open(), 1, afterRollover())).toMatchObject({ state: 'open', round: 2 });
  expect(outcomeOfRound(open({ round: 2 }), 2, claimsOff())).toMatchObject({ state: 'open', round: 3, why: expect.stringContaining('As it should be now') });
  expect(outcomeOfRound(open({ round: 3 }), 3, claimsOff())).toMatchObject({ state: 'open', round: 3 });
  expect(outcomeOfRound(open({ round: 4 }), 4, afterRollover())).toMatchObject({ state: 'exhausted', round: null, why: expect.stringContaining('event 3005') });
  const starting = changed(afterRollover(), { cause: because('crm-app-pool-down') });
  expect(outcomeOfRound(open({ round: 4 }), 4, starting)).toMatchObject({ state: 'open', round: 4, why: expect.stringContaining('may still be starting') });
  const other = changed(afterRollover(), { cause: because('crm-validates-signing-chain') });
  expect(outcomeOfRound(open({ round: 2 }), 2, other)).toMatchObject({ state: 'open', round: 2, why: expect.stringContaining('Repair that first') });
  expect(outcomeOfRound(open({ round: 4 }), 4, other)).toMatchObject({ state: 'another-cause' });
  expect(outcomeOfRound(open({ round: 3 }), 3, working())).toMatchObject({
    state: 'healed',
    why: expect.stringContaining('Round 4 of the KB was not needed for it.'),
  });
  expect([1, 4].map((round) => outcomeOfSkip(open(), round))).toMatchObject([{ state: 'open', round: 2 }, { state: 'exhausted' }]);
});

test('a round that is contradicted by what is seen is to be done again', () => {
  const repair = open({ round: 2 });
  const steps = repair.steps.map((step): RepairStep =>
    step.kind === 'disable-claims' ? { ...step, state: 'contradicted', seen: 'CRM still sends the browser to AD FS.' } : step,
  );
  const outcome = outcomeOfRound({ ...repair, steps }, 2, afterRollover());
  expect(outcome).toMatchObject({ state: 'open', round: 2 });
  expect(outcome.why).toBe('Round 2 does not seem to be done: step 7: CRM still sends the browser to AD FS.');
});

test('a step counts as seen only where something visible changed; the rest is the operator’s word', () => {
  const ticks = (round: number, before: RepairProbing, after: RepairProbing): Record<string, string> =>
    Object.fromEntries(open().steps.flatMap((step) => (step.round === round ? [[step.kind, tick(step, before, after).state]] : [])));
  expect(ticks(1, afterRollover(), afterRollover())).toEqual({
    'list-trusts': 'reported',
    'update-trusts': 'reported',
    iisreset: 'reported',
    'restart-adfs': 'reported',
  });
  expect(ticks(1, changed(afterRollover(), { encryption: 'mismatch' }), afterRollover())).toMatchObject({ 'update-trusts': 'seen' });
  expect(ticks(1, afterRollover(), changed(afterRollover(), { encryption: 'mismatch' }))).toMatchObject({ 'update-trusts': 'contradicted' });
  expect(ticks(2, afterRollover(), afterRollover())).toMatchObject({ 'disable-claims': 'contradicted', iisreset: 'reported' });
  expect(ticks(2, afterRollover(), claimsOff())).toEqual({ 'note-settings': 'reported', 'disable-claims': 'seen', iisreset: 'seen' });
  expect(ticks(3, claimsOff(), claimsOff())).toMatchObject({ 'configure-claims': 'contradicted', 'configure-ifd': 'contradicted' });
  expect(ticks(3, claimsOff(), working())).toEqual({ 'configure-claims': 'seen', 'configure-ifd': 'seen', iisreset: 'seen' });
  expect(ticks(4, afterRollover(), changed(afterRollover(), { redirectsToSts: null }))).toMatchObject({ iisreset: 'contradicted' });
});

test('the checklist is the KB’s order, each step with its machine, its command and the values seen', () => {
  const steps = checklist(deploymentOf([sample('internal'), sample('ifd')]));
  expect(rounds.map(({ n }) => steps.filter((step) => step.round === n).map(({ kind }) => kind))).toEqual([
    ['list-trusts', 'update-trusts', 'update-trusts', 'iisreset', 'restart-adfs'],
    ['note-settings', 'disable-claims', 'iisreset'],
    ['configure-claims', 'configure-ifd', 'iisreset'],
    ['update-trusts', 'update-trusts', 'iisreset', 'restart-adfs'],
  ]);
  expect(steps.every(({ where, command }) => /server$/.test(where) && command !== null)).toBe(true);
  const ifd = steps.find(({ kind }) => kind === 'configure-ifd');
  expect(ifd?.values).toEqual([
    { name: 'ExternalDomain', value: 'auth.contoso.com (where AD FS sends the token)' },
    { name: 'WebApplicationRootDomain', value: 'contoso.com (by the address of the organization)' },
    { name: 'OrganizationWebServiceRootDomain', value: 'contoso.com (by the address of the organization)' },
    { name: 'DiscoveryWebServiceRootDomain', value: "one of the hosts in CRM's metadata: auth.contoso.com, contoso.contoso.com and dev.contoso.com" },
  ]);
  const claims = steps.find(({ kind }) => kind === 'configure-claims');
  expect(claims?.command).toContain("$claims.FederationMetadataUrl = 'https://sts.contoso.com/FederationMetadata/2007-06/FederationMetadata.xml'");
  expect(steps[1]?.command).toContain("-like 'https://internalcrm.contoso.com*'");
});

test('without an IFD route its steps are left out, and a value with a quote stays inside its string', () => {
  const evil = sample('internal', {
    stsMetadata: { ...stsMetadata(signing), url: "https://sts.contoso.com/'; Remove-Item x; '" } as RouteEvidence['stsMetadata'],
  });
  const steps = checklist(deploymentOf([evil]));
  expect(steps.some(({ kind, text }) => kind === 'configure-ifd' || (kind === 'update-trusts' && text.includes('IFD')))).toBe(false);
  expect(steps.find(({ kind }) => kind === 'configure-claims')?.command).toContain("'https://sts.contoso.com/''; Remove-Item x; '''");
});

test('exit codes: 0 works, 2 still broken, 3 could not tell', () => {
  const broken = { probings: [afterRollover()] };
  const unclear = { probings: [changed(afterRollover(), { signedIn: 'unknown' })] };
  expect(
    (['healed', 'nothing-to-repair', 'open', 'another-cause', 'exhausted', 'could-not-tell'] as const).map((state) => repairExitCode({ state, ...broken })),
  ).toEqual([0, 0, 2, 2, 2, 3]);
  expect(repairExitCode({ state: 'open', ...unclear })).toBe(3);
});
