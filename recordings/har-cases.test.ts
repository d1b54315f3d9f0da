/** Recordings of others, kept outside the repository. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Result } from '../contracts/report';
import { diagnose } from '../diagnosis/diagnose';
import { createRedactor } from '../probes/redaction/redact';
import { readHar } from './read-har';

const folder = join(__dirname, '../../shared/cases/har');
function resultsOf(file: Buffer | string): readonly Result[] {
  const read = readHar(file, { redactor: createRedactor(), tool: 'test' });
  if (!read.ok) throw new Error(read.why);
  return diagnose(read.evidence).results;
}

test.describe('cases outside the repository', () => {
  test.skip(() => !existsSync(folder), 'the cases lie outside the repository');
  const saved = (name: string): Buffer => readFileSync(join(folder, name));

  test("a recording that ends with CRM's own 500 is judged at CRM's first answer, without the KB", () => {
    const [result] = resultsOf(saved('crm500-only.har'));
    expect(result).toMatchObject({ verdict: 'broken', failedAt: 'crm-redirect', route: 'ifd' });
    expect(result?.causes.map(({ id }) => id)).not.toContain('adfs-signing-cert-rolled');
  });

  test('a bare 401 to the token makes the KB a suspected candidate, with the one step that settles it', () => {
    const [result] = resultsOf(saved('kb-face-401-har-only.har'));
    const kb = result?.causes.find(({ id }) => id === 'adfs-signing-cert-rolled');
    expect(kb).toMatchObject({ kb: '2686840', certainty: 'suspected' });
    expect(kb?.against[0]?.text).toContain('One step settles it');
  });

  test("SAML-tracer's export is judged like the HAR of the same sign-in", () => {
    const [traced, har] = [resultsOf(saved('samltracer.json')), resultsOf(saved('kb-face-401-har-only.har'))];
    const told = (results: readonly Result[]) =>
      results.map(({ route, failedAt, verdict, causes, exchange }) => ({
        route,
        failedAt,
        verdict,
        causes: causes.map(({ id }) => id),
        steps: exchange.map(({ step }) => step),
      }));
    expect(told(traced)).toEqual(told(har));
  });

  test("SAML Chrome Panel's export, Chrome's entries under numbers, is judged like the HAR", () => {
    const { log } = JSON.parse(saved('kb-face-401-har-only.har').toString()) as { log: { entries: readonly unknown[] } };
    const panel = Object.fromEntries(log.entries.map((entry, index) => [String(1_000_000 + index), entry]));
    expect(resultsOf(JSON.stringify(panel))[0]).toMatchObject({ route: 'ifd', failedAt: 'token-post' });
  });
});

const entry = (url: string, status: number, headers: Readonly<Record<string, string>> = {}) => ({
  startedDateTime: '2026-11-28T20:11:48.000Z',
  time: 10,
  request: { method: 'GET', url, headers: [] },
  response: { status, headers: Object.entries({ 'Content-Type': 'text/html', ...headers }).map(([name, value]) => ({ name, value })), content: {} },
});

test("WAP's pre-authentication is judged at the STS it leads to, and the route is told by the address asked for", () => {
  const sts =
    'https://sts.contoso.com/adfs/ls?version=1.0&action=signin&realm=urn%3AAppProxy%3Acom&appRealm=x&returnUrl=https%3A%2F%2Forg.contoso.com%2Fmain.aspx';
  const [result] = resultsOf(JSON.stringify({ log: { entries: [entry('https://org.contoso.com/main.aspx', 307, { Location: sts }), entry(sts, 500)] } }));
  expect(result).toMatchObject({ verdict: 'broken', route: 'ifd', failedAt: 'sts-page' });
});

test('a recording of a page that works and asks for no sign-in is refused as before', () => {
  const read = readHar(JSON.stringify({ log: { entries: [entry('https://www.example.com/', 200)] } }), { redactor: createRedactor(), tool: 'test' });
  expect(read).toMatchObject({ ok: false, why: expect.stringContaining('expected a WS-Federation sign-in') });
});

test("without a word on the method the route is told by where CRM's address has the organization", () => {
  const asked = (crm: string) =>
    resultsOf(JSON.stringify({ log: { entries: [entry(crm, 302, { Location: `https://sts.contoso.com/adfs/ls/?wa=wsignin1.0&wtrealm=${
encodeURIComponent(new URL(crm).origin)}` }), entry(`https://sts.contoso.com/adfs/ls/?wa=wsignin1.0&wtrealm=${
encodeURIComponent(new URL(crm).origin)}`, 500)] } }))[0]?.route; // prettier-ignore
  expect([asked('https://org.contoso.com/main.aspx'), asked('https://crm.contoso.com/Contoso/main.aspx')]).toEqual(['ifd', 'internal']);
});
