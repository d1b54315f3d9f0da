import type { Page } from 'playwright';
import type { RouteEvidence } from '../../contracts/evidence';
import { type Answer, ask, type Question } from './ask-in-page';
import { whoAmIBySoap } from './who-am-i-soap';

type WhoAmI = NonNullable<RouteEvidence['whoAmI']>;
/** What CRM calls a user; null = it did not say. */
type UserNames = Pick<Extract<WhoAmI, { ok: true }>, 'userName' | 'accountName'>;

const versions = ['v9.1', 'v9.0', 'v8.2', 'v8.1', 'v8.0'];
const noUser = '00000000-0000-0000-0000-000000000000';
/** No such address: this version of CRM does not have it. */
const isAbsent = (status: number | null): boolean => status === 404 || status === 501;

/**
 * Asks CRM who is signed in, with the session of the page (field guide §11.2): by the Web API, and where CRM has none (before 2016) by the
 * 2011 endpoint. Only an answer with a non-zero UserId counts: without a session the same addresses answer a sign-in page with status 200 (§5.3).
 * `organizationPath` is '' or '/Contoso' for path-based organisations; where the page on screen names another one, that is asked first: the
 * bare internal address leads to the user's own organisation. `timeoutMs` bounds each request.
 */
export async function captureWhoAmI(page: Page, organizationPath: string, timeoutMs: number): Promise<WhoAmI> {
  const { origin } = new URL(page.url());
  const paths = [...new Set([organizationOnScreen(page.url()) ?? organizationPath, organizationPath])];
  const question = (question: Question): ReturnType<typeof ask> => ask(page, question, timeoutMs);
  let last: WhoAmI | null = null;
  for (const path of paths) {
    last = await byWebApi(question, `${origin}${path}`);
    if (last.ok || !isAbsent(last.status)) return last;
    const soap = await whoAmIBySoap(question, `${origin}${path}`);
    if (soap.ok || !isAbsent(soap.status)) return soap;
  }
  return last ?? { ok: false, url: origin, status: null, why: 'not asked' };
}

/** '/Contoso' of …/Contoso/main.aspx, '' of …/main.aspx; null where the page is no start page of CRM. */
function organizationOnScreen(url: string): string | null {
  const [, path] = /^(\/[^/_][^/]*)?\/(?:main|default)\.aspx$/i.exec(new URL(url).pathname) ?? [null, null];
  return path === null ? null : (path ?? '');
}

async function byWebApi(question: (question: Question) => ReturnType<typeof ask>, root: string): Promise<WhoAmI> {
  let last: WhoAmI | null = null;
  for (const version of versions) {
    const base = `${root}/api/data/${version}`;
    const url = `${base}/WhoAmI`;
    const answer = await question({ url, accept: 'application/json' });
    if ('failed' in answer) return { ok: false, url, status: null, why: answer.failed };
    const json = answer.status === 200 && /json/i.test(answer.contentType) ? parse(answer.body) : null;
    const userId = text(json, 'UserId');
    if (userId && userId !== noUser) {
      const names = await namesOf(question, base, userId);
      return { ok: true, url, userId, organizationId: text(json, 'OrganizationId'), businessUnitId: text(json, 'BusinessUnitId'), ...names };
    }
    last = { ok: false, url, status: answer.status, why: explain(answer, userId) };
    if (!isAbsent(answer.status)) break; // this version is served, so the others would say the same
  }
  return last ?? { ok: false, url: root, status: null, why: 'not asked' };
}

function explain({ status, contentType }: Answer, userId: string | null): string {
  if (userId === noUser) return 'answered with an all-zero UserId: nobody is signed in';
  return `expected JSON with a UserId, found status ${status} ${contentType || 'without a content type'}`;
}

/** The name CRM knows the user by (its e-mail address where there is one, what UPNs look like, else the account), and the account. */
async function namesOf(question: (question: Question) => ReturnType<typeof ask>, base: string, userId: string): Promise<UserNames> {
  const answer = await question({ url: `${base}/systemusers(${userId})?$select=internalemailaddress,domainname,fullname`, accept: 'application/json' });
  if ('failed' in answer || answer.status !== 200) return { userName: null, accountName: null };
  const user = parse(answer.body);
  const accountName = text(user, 'domainname');
  return { userName: text(user, 'internalemailaddress') ?? accountName ?? text(user, 'fullname'), accountName };
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
