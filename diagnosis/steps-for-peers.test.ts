/** A step is for AD FS, for CRM, or for anybody; it is given only where that is what stands there. */
import { expect, test } from '@playwright/test';
import { causeIds } from '../contracts/causes';
import type { RouteEvidence } from '../contracts/evidence';
import { rules } from './causes';
import { diagnose } from './diagnose';
import { peersOf, stepsFor } from './steps-for-peers';
import { exchange, failed, rolled, refused, sample, stsMetadata, upToToken } from './testing/sample-evidence';

const all = causeIds.map((id) => ({ id, steps: [...rules[id].remedy(sample()), ...(rules[id].checkAfterwards?.(sample()) ?? [])] }));
const sts = 'https://login.example.com';
const adfsWords = /-Adfs\w|adfssrv|AD FS|WebApplicationProxy|appproxysvc/;
const crmWords = /-Crm\w|CrmSetting|Microsoft\.Crm|MSCRM|\bCRM|Deployment Manager/;

test('with AD FS and CRM, or where neither is known, every step of every cause stays as it is', () => {
  for (const { id, steps } of all)
    for (const peer of ['itself', 'unknown'] as const) expect(stepsFor(steps, { sts: peer, relyingParty: peer, stsOrigin: sts }), id).toEqual(steps);
});

test('for another STS no cause gives a command or a word of AD FS, and something is left to do', () => {
  for (const { id, steps } of all) {
    const left = stepsFor(steps, { sts: 'other', relyingParty: 'itself', stsOrigin: sts });
    for (const { text, command = '' } of left.filter((step) => !step.text.includes(sts))) expect(`${text} ${command}`, id).not.toMatch(adfsWords);
    expect(left.length, id).toBeGreaterThan(0);
    if (left.length < steps.length)
      expect(
        left.some(({ text }) => text.includes(sts)),
        id,
      ).toBe(true);
  }
});

test('for another relying party no cause gives a command or a word of CRM, and something is left to do', () => {
  for (const { id, steps } of all) {
    const left = stepsFor(steps, { sts: 'itself', relyingParty: 'other', stsOrigin: sts });
    for (const { text, command = '' } of left.filter((step) => !step.text.startsWith('The relying party is not')))
      expect(`${text} ${command}`, id).not.toMatch(crmWords);
    expect(left.length, id).toBeGreaterThan(0);
  }
});

const other = (over: Partial<RouteEvidence> = {}): RouteEvidence => {
  const metadata = stsMetadata();
  return sample('ifd', {
    stsMetadata: metadata.ok
      ? { ...metadata, entityId: 'https://login.example.com/realms/x', passiveEndpoints: ['https://login.example.com/wsfed'] }
      : metadata,
    exchanges: [
      exchange(1, {
        url: 'https://contoso.contoso.com/',
        status: 302,
        requestId: null,
        location: 'https://login.example.com/wsfed?wa=wsignin1.0&wtrealm=urn:x&wctx=abc',
      }),
      exchange(2, { url: 'https://login.example.com/wsfed?wa=wsignin1.0', wsfed: { wa: 'wsignin1.0', wtrealm: 'urn:x', wctx: 'abc' } }),
    ],
    wsdl: null,
    lastGood: null,
    pages: [],
    ...over,
  });
};

test('what the peers are is read from what they say, and stays unknown where they said nothing', () => {
  expect(peersOf(sample())).toMatchObject({ sts: 'itself', relyingParty: 'itself' });
  expect(peersOf(other())).toMatchObject({ sts: 'other', relyingParty: 'other' });
  expect(peersOf(other({ exchanges: [], stsMetadata: null, crmMetadata: null }))).toMatchObject({ sts: 'unknown', relyingParty: 'unknown' });
  expect(peersOf(sample('ifd', { exchanges: [], stsMetadata: null, wsdl: null, pages: [] }))).toMatchObject({ relyingParty: 'itself' });
  expect(peersOf(sample('ifd', { exchanges: upToToken('ifd').slice(0, 1), wsdl: null, lastGood: null }))).toMatchObject({
    sts: 'itself',
    relyingParty: 'itself',
  });
});

test('a report about another STS and relying party has no step of AD FS or CRM', () => {
  const dead = other({
    journey: failed('sts-page', { credentialSubmissions: 0 }),
    dns: [{ host: 'login.example.com', addresses: [], error: 'ENOTFOUND', source: 'system' }],
  });
  const run = { id: 'x', startedAt: dead.startedAt, finishedAt: dead.finishedAt, label: null, location: null, tool: 't', browser: 'b' };
  const { causes } = diagnose({ schema: 1, run, results: [{ ...dead, settings: { ...dead.settings, stsOrigin: 'https://login.example.com' } }] }).results[0]!;
  const commands = causes.flatMap(({ remedy, checkAfterwards }) => [...remedy, ...checkAfterwards].map(({ command = '' }) => command));
  expect(commands.join('\n')).not.toMatch(adfsWords);
  expect(commands.join('\n')).not.toMatch(crmWords);
  const kb = diagnose({ schema: 1, run, results: [refused('ifd', rolled)] }).results[0]!.causes[0]!;
  expect(kb.remedy.map(({ command = '' }) => command).join('\n')).toMatch(/Update-AdfsRelyingPartyTrust[\s\S]*Set-CrmSetting/);
});
