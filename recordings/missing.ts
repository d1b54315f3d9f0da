/** What a HAR cannot have, and what this one lacks: named, so that nobody takes an absence for a fact. */
import type { RouteEvidence } from '../contracts/evidence';
import type { Flow } from './flow';
import type { Har } from './har-entries';

type Missing = RouteEvidence['captureErrors'];

const never: Missing = [
  { capture: 'sts-metadata', why: "Not in a HAR: AD FS's federation metadata, so which certificate signs now is not known." },
  { capture: 'crm-metadata', why: "Not in a HAR: CRM's federation metadata (its encryption certificate and realms)." },
  { capture: 'wsdl', why: "Not in a HAR: CRM's WSDL (the STS it trusts, by name)." },
  { capture: 'tls', why: 'Not in a HAR: TLS certificates and their chains.' },
  { capture: 'dns', why: 'Not in a HAR: what names resolve to.' },
  { capture: 'last-good', why: 'Not in a HAR: the state of the last good sign-in.' },
];

/** True when the recording has any cookie at all. A sign-in through AD FS always has some: without them they were left out on saving. */
export const recordsCookies = ({ entries }: Pick<Har, 'entries'>): boolean =>
  entries.some(
    ({ sent, received, cookiesSent, cookiesReceived }) =>
      cookiesSent.length + cookiesReceived.length + sent('cookie').length + received('set-cookie').length > 0,
  );

/** In the order a reader should know them: first what this recording lacks, then what no HAR has. */
export function missingIn(har: Har, flow: Flow, tries: number): Missing {
  const found: { capture: string; why: string }[] = [];
  if (!recordsCookies(har))
    found.push({
      capture: 'cookies',
      why:
        'This HAR was saved without sensitive data: no cookies and no authorization headers. Nothing is concluded from their absence. For a full one: ' +
        'in Chrome and Edge, switch "Allow to generate HAR (with sensitive data)" on in the settings of the developer tools, ' +
        'then use "Export HAR (with sensitive data)".',
    });
  const emptied = flow.documents.filter(
    ({ document }) =>
      document.content === null && (document.status ?? 0) >= 200 && document.location === null && /html|x-unknown/.test(document.contentType ?? 'html'),
  );
  if (emptied.length > 0)
    found.push({
      capture: 'content',
      why:
        `No content recorded of ${emptied.length === 1 ? 'the page' : 'the pages'} of exchange ${emptied.map(({ seq }) => seq).join(', ')}: ` +
        `browsers drop pages they have left. What they were is told by what followed.`,
    });
  if (flow.documents.some(({ step, document }) => step === 'token-post' && document.body === null))
    found.push({ capture: 'token', why: 'The body of a POST is not in this HAR, so the token could not be read.' });
  if (tries > 1) found.push({ capture: 'tries', why: `The recording has ${tries} sign-ins over this route; the last one is judged.` });
  if (har.unreadable > 0) found.push({ capture: 'har', why: `${har.unreadable} entries of the HAR could not be read (no address or no time).` });
  return [...found, ...never];
}
