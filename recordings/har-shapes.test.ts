/** HARs as other tools write them: parts that HAR 1.2 asks for are missing or are written otherwise. */
import { expect, test } from '@playwright/test';
import type { Result } from '../contracts/report';
import { diagnose } from '../diagnosis/diagnose';
import { createRedactor } from '../probes/redaction/redact';
import { readHar } from './read-har';
import { har, signInAddress, tokenPost, upToToken } from './testing/sample-har';

interface Entry {
  startedDateTime?: string;
  request: { headers: { name: string; value: string }[]; postData?: unknown };
  response: { status: unknown; headers: { name: string; value: string }[] };
}
/** The KB's face of a bare 401 to the token. */
function changed(change: (entry: Entry, index: number) => void): Result {
  const recorded = JSON.parse(har('chrome', [...upToToken, tokenPost({ status: 401, challenges: [] })]).toString()) as { log: { entries: Entry[] } };
  recorded.log.entries.forEach(change);
  const read = readHar(JSON.stringify(recorded), { redactor: createRedactor(), tool: 'test' });
  if (!read.ok) throw new Error(read.why);
  return diagnose(read.evidence).results[0]!;
}
const judgedAlike = ({ failedAt, causes }: Result): void =>
  expect({ failedAt, first: causes[0]?.id }).toEqual({ failedAt: 'token-post', first: 'adfs-signing-cert-rolled' });

test('a status written as text is a status', () => judgedAlike(changed(({ response }) => (response.status = String(response.status)))));

test('bodies that were left out, with the headers that name the sender: the POST behind the STS’s page carried the token', () =>
  judgedAlike(
    changed(({ request }) => {
      delete request.postData;
      request.headers = request.headers.filter(({ name }) => !/^(?:origin|referer)$/i.test(name));
    }),
  ));

test('entries without times stand in the order they were written, by the servers’ own Date where there is one', () => {
  judgedAlike(changed((entry) => delete entry.startedDateTime));
  judgedAlike(
    changed((entry) => {
      delete entry.startedDateTime;
      entry.response.headers = entry.response.headers.filter(({ name }) => name.toLowerCase() !== 'date');
    }),
  );
});

test('an error page of AD FS 2.x is known by its reference number in any language', () => {
  const id = '7b4a3d2e-0f4b-4c8a-9b0e-3a5d2f1e6b70';
  for (const text of [
    `Es ist ein Problem aufgetreten. Referenznummer: ${id}`,
    `Un problème est survenu. Numéro de référence : ${id}`,
    `エラー。参照番号：${id}`,
  ]) {
    const html = `<html><head><title>x</title></head><body><form id="aspnetForm"><div>${text}</div></form></body></html>`;
    const read = readHar(har('chrome', [upToToken[0]!, { url: signInAddress(), status: 200, html }]), { redactor: createRedactor(), tool: 'test' });
    if (!read.ok) throw new Error(read.why);
    expect(read.evidence.results[0]?.pages.at(-1), text).toMatchObject({ kind: 'sts-error', texts: { reference: id } });
    expect(diagnose(read.evidence).results[0], text).toMatchObject({ verdict: 'broken', failedAt: 'sts-page' });
  }
});
