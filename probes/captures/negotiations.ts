/**
 * How the browser answered a server's Windows challenge with the logged-on account, from its own network log: neither Playwright's nor CDP's events show
 * the ticket that is sent in the middle of a request, or why there was none (measured with Chromium 156).
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** One request's sign-in at one server. */
export interface Negotiation {
  /** What was asked for, without its query: https://sts.contoso.com/adfs/ls/wia. */
  readonly url: string;
  /** What was sent: 'Negotiate-Kerberos', 'Negotiate-NTLM'; 'Negotiate' where the log does not say which. null = nothing. */
  readonly sent: string | null;
  /** Whose ticket, e.g. probe@CONTOSO.COM; null when the log does not say. */
  readonly account: string | null;
  /** The service the ticket was asked for, e.g. HTTP/sts.contoso.com@CONTOSO.COM. */
  readonly service: string | null;
  /** Why nothing was sent, in the words of the system's Kerberos library, or the browser's own error. */
  readonly failure: string | null;
}

const constantsSchema = z.object({ constants: z.object({ logEventTypes: z.record(z.string(), z.number()), netError: z.record(z.string(), z.number()) }) });
const nameSchema = z.union([z.string(), z.object({ name: z.string() }).loose()]).optional();
const spoken = z.object({ message: z.array(z.string()).default([]) }).optional();
/** The parts of the parameters that are used, as GSSAPI (Linux) and SSPI (Windows) write them; any of them may be missing. */
const parametersSchema = z.object({
  target: z.string().optional(),
  url: z.string().optional(),
  scheme: z.string().optional(),
  spn: z.string().optional(),
  net_error: z.number().optional(),
  context: z.object({ source: nameSchema, target: nameSchema }).loose().optional(),
  status: z.object({ major_status: spoken, minor_status: spoken, security_status: z.number().optional() }).optional(),
});
type Parameters = z.infer<typeof parametersSchema>;
const eventSchema = z.object({ type: z.number(), phase: z.number(), source: z.object({ id: z.number() }), params: z.unknown().optional() });

/** What the log's numbers mean; they differ between versions. */
interface Names {
  readonly event: ReadonlyMap<number, string>;
  readonly error: ReadonlyMap<number, string>;
}

interface Draft {
  readonly url: string;
  sent: string | null;
  mechanism: string | null;
  account: string | null;
  service: string | null;
  readonly failures: string[];
}

/** Reads a net log (Chromium's format: constants in the first line, then an event per line). Empty when there is none; its end may be missing. */
export async function readNegotiations(file: string): Promise<Negotiation[]> {
  const found = new Map<number, Draft>();
  let names: Names | null = null;
  try {
    for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
      if (names === null) names = readNames(line);
      else if (line.includes('"type"')) note(line, names, found);
    }
  } catch {
    // No file: the browser ended before it wrote one.
  }
  return [...found.values()].map(({ url, sent, account, service, failures }) => ({
    url,
    sent,
    account,
    service,
    failure: sent === null ? (failures[0] ?? null) : null,
  }));
}

function readNames(line: string): Names {
  const read = constantsSchema.safeParse(parse(`${line.replace(/,\s*$/, '')}}`));
  const byNumber = (entries: Readonly<Record<string, number>>): ReadonlyMap<number, string> =>
    new Map(Object.entries(entries).map(([name, number]) => [number, name]));
  return read.success
    ? { event: byNumber(read.data.constants.logEventTypes), error: byNumber(read.data.constants.netError) }
    : { event: new Map(), error: new Map() };
}

const ended = 2;

/** One source of the log is one controller: one request's sign-in at one server. */
function note(line: string, names: Names, found: Map<number, Draft>): void {
  const event = eventSchema.safeParse(parse(line.replace(/\]?,?\s*$/, ''))); // the last one closes the list
  if (!event.success) return;
  const { type, phase, source } = event.data;
  const name = names.event.get(type) ?? '';
  if (!name.startsWith('AUTH_')) return;
  const read = parametersSchema.safeParse(event.data.params ?? {});
  const parameters: Parameters = read.success ? read.data : {};
  if (name === 'AUTH_CONTROLLER' && parameters.target === 'server' && parameters.url && URL.canParse(parameters.url)) {
    const { origin, pathname } = new URL(parameters.url);
    found.set(source.id, { url: origin + pathname, sent: null, mechanism: null, account: null, service: null, failures: [] });
  }
  const draft = found.get(source.id);
  if (!draft) return;
  const error = parameters.net_error ? `net::${names.error.get(parameters.net_error) ?? parameters.net_error}` : null;
  switch (name) {
    case 'AUTH_HANDLER_CREATE_RESULT':
      if (error && parameters.scheme === 'negotiate') draft.failures.push(`the browser cannot use the system's Kerberos library (${error})`);
      break;
    case 'AUTH_LIBRARY_IMPORT_NAME':
    case 'AUTH_LIBRARY_ACQUIRE_CREDS':
    case 'AUTH_LIBRARY_INIT_SEC_CTX':
      noteContext(draft, parameters);
      break;
    case 'AUTH_GENERATE_TOKEN':
      if (error) draft.failures.push(error);
      else if (phase === ended) draft.sent = draft.mechanism ? `Negotiate-${draft.mechanism}` : 'Negotiate';
      break;
  }
}

/** Who asked for which service by which mechanism, or the library's error. */
function noteContext(draft: Draft, { spn, context, status }: Parameters): void {
  if (spn) draft.service ??= spn.replace('@', '/');
  if (context) {
    draft.account = nameOf(context.source) ?? draft.account;
    draft.service = nameOf(context.target) ?? draft.service;
    // On Windows the mechanism has a name; on Linux it is SPNEGO, and the type of the names tells what is inside.
    const text = JSON.stringify(context);
    if (/"mechanism":"[^"]*ntlm/i.test(text)) draft.mechanism = 'NTLM';
    else if (/"mechanism":"[^"]*kerberos/i.test(text) || text.includes(kerberosNameType)) draft.mechanism = 'Kerberos';
    return;
  }
  const said = [...(status?.major_status?.message ?? []), ...(status?.minor_status?.message ?? [])]
    .map((text) => text.replace(/\0/g, '').trim())
    .filter((text) => text !== '' && !text.startsWith('Unspecified GSS failure'));
  if (said.length > 0) draft.failures.unshift([...new Set(said)].join('; '));
  if (status?.security_status) draft.failures.unshift(sspiError(status.security_status));
}

const nameOf = (value: z.infer<typeof nameSchema>): string | null => (typeof value === 'string' ? value : (value?.name ?? null));

/** Object identifier 1.2.840.113554.1.2.2.1 (Kerberos principal name, RFC 1964), as the log writes it. */
const kerberosNameType = 'KoZIhvcSAQICAQ==';

/** SECURITY_STATUS values that come up in sign-ins (winerror.h); a positive one is no error. */
const sspiNames: Readonly<Record<string, string>> = {
  '80090303': 'SEC_E_TARGET_UNKNOWN',
  '8009030C': 'SEC_E_LOGON_DENIED',
  '8009030E': 'SEC_E_NO_CREDENTIALS',
  '80090311': 'SEC_E_NO_AUTHENTICATING_AUTHORITY',
  '80090322': 'SEC_E_WRONG_PRINCIPAL',
};

function sspiError(status: number): string {
  const hex = (status >>> 0).toString(16).toUpperCase();
  return `Windows says 0x${hex}${sspiNames[hex] ? ` (${sspiNames[hex]})` : ''}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
