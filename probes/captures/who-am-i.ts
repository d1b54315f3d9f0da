import type { Page } from 'playwright';
import type { RouteEvidence } from '../../contracts/evidence';

type WhoAmI = NonNullable<RouteEvidence['whoAmI']>;

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly url: string;
}

const versions = ['v9.1', 'v9.0', 'v8.2', 'v8.1', 'v8.0'];
const noUser = '00000000-0000-0000-0000-000000000000';

/**
 * Asks CRM's Web API who is signed in, with the session of the page (field guide §11.2). Only JSON with a non-zero UserId counts: without a
 * session the same address answers a sign-in page with status 200 (§5.3).
 * `organizationPath` is '' or '/Contoso' for path-based organisations; `timeoutMs` bounds each request.
 */
export async function captureWhoAmI(page: Page, organizationPath: string, timeoutMs: number): Promise<WhoAmI> {
  const origin = new URL(page.url()).origin;
  let last: WhoAmI | null = null;
  for (const version of versions) {
    const base = `${origin}${organizationPath}/api/data/${version}`;
    const answer = await ask(page, `${base}/WhoAmI`, timeoutMs);
    const url = `${base}/WhoAmI`;
    if ('failed' in answer) return { ok: false, url, status: null, why: answer.failed };
    const json = answer.status === 200 && /json/i.test(answer.contentType) ? parse(answer.body) : null;
    const userId = text(json, 'UserId');
    if (userId && userId !== noUser) {
      const userName = await nameOf(page, base, userId, timeoutMs);
      return { ok: true, url, userId, organizationId: text(json, 'OrganizationId'), businessUnitId: text(json, 'BusinessUnitId'), userName };
    }
    last = { ok: false, url, status: answer.status, why: explain(answer, userId) };
    if (answer.status !== 404 && answer.status !== 501) break; // this version is served, so the others would say the same
  }
  return last ?? { ok: false, url: origin, status: null, why: 'not asked' };
}

function explain({ status, contentType }: Answer, userId: string | null): string {
  if (userId === noUser) return 'answered with an all-zero UserId: nobody is signed in';
  return `expected JSON with a UserId, found status ${status} ${contentType || 'without a content type'}`;
}

/** The name CRM knows the user by: its e-mail address where there is one (what UPNs look like), else the account. */
async function nameOf(page: Page, base: string, userId: string, timeoutMs: number): Promise<string | null> {
  const answer = await ask(page, `${base}/systemusers(${userId})?$select=internalemailaddress,domainname,fullname`, timeoutMs);
  if ('failed' in answer || answer.status !== 200) return null;
  const user = parse(answer.body);
  return text(user, 'internalemailaddress') ?? text(user, 'domainname') ?? text(user, 'fullname');
}

async function ask(page: Page, url: string, timeoutMs: number): Promise<Answer | { failed: string }> {
  try {
    return await page.evaluate(
      async ({ url, timeoutMs }) => {
        // A fetch to an address that asks for NTLM hangs for ever without credentials: bound it.
        const response = await fetch(url, { headers: { Accept: 'application/json' }, credentials: 'same-origin', signal: AbortSignal.timeout(timeoutMs) });
        const body = (await response.text()).slice(0, 100_000);
        return { status: response.status, contentType: response.headers.get('content-type') ?? '', body, url: response.url };
      },
      { url, timeoutMs },
    );
  } catch (error) {
    return { failed: `no answer: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}` };
  }
}

function parse(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function text(json: Record<string, unknown> | null, key: string): string | null {
  const value = json?.[key];
  return typeof value === 'string' && value !== '' ? value : null;
}
