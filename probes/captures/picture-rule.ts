import type { CDPSession, Frame, Locator, Page } from 'playwright';
import type { Target } from '../../contracts/target';
import { wsfedParameters } from '../../federation/wsfed-parameters';
import type { Redactor } from '../redaction/redact';
import { type SecretFinder, secretFinder } from '../redaction/find-secrets';
import { originOf } from './traffic';
import { within } from '../../system/within';

/** The document in the page's main frame. */
interface ShownDocument {
  readonly loaderId: string;
  /** It came with a fragment, which no server sees and any script may wipe. */
  readonly fragment: boolean;
  /** It, or a frame of it, asked the STS for something: a frame, a script, an image may show what the STS knows. */
  asksSts: boolean;
}

const answerWithinMs = 3_000;

export interface PictureRuleOptions {
  readonly target: Pick<Target, 'url' | 'stsOrigin'>;
  readonly crmAddresses: Promise<readonly string[]>;
  readonly redactor: Redactor;
}

/**
 * Whether the page on screen may be pictured although the STS has been given the password. Its own pages may not, nor any that its scripts could have written
 * to. A page of CRM may: its server never got the password (guard.ts), so only the STS's page could have handed it over, and the ways from one site's page to
 * another's are closed or looked at here: the window's name, the fragment, cookies of a common domain, and whatever comes from the STS while the page is shown.
 * At last its whole text, that of all frames and closed shadow trees too, is searched for the password.
 */
export class PictureRule {
  /** The target, who leads from there to the STS, whom the first sign-in request and CRM's metadata name as the token's receiver: the STS has no say in it. */
  private readonly crmOrigins = new Set<string>();
  private stsAsked = false;
  private shown: ShownDocument = { loaderId: '', fragment: false, asksSts: false };
  private readonly setByOthers = new Set<string>();
  private readonly urls = new Map<string, string[]>();
  /** Cookies that the STS's page may have left for CRM's, as they were when a page of CRM was asked for. */
  private leftBehind: Promise<boolean> = Promise.resolve(false);

  private constructor(
    private readonly page: Page,
    private readonly cdp: CDPSession,
    private readonly mainFrameId: string,
    private readonly stsOrigin: string,
    private readonly crmAddresses: Promise<readonly string[]>,
    private readonly redactor: Redactor,
  ) {}

  /** To be called before the page is sent anywhere. `crmAddresses`: where CRM takes tokens, by its own metadata. */
  static async start(page: Page, { target, crmAddresses, redactor }: PictureRuleOptions): Promise<PictureRule> {
    const { url, stsOrigin } = target;
    const cdp = await page.context().newCDPSession(page);
    const { frameTree } = await cdp.send('Page.getFrameTree');
    const rule = new PictureRule(page, cdp, frameTree.frame.id, stsOrigin, crmAddresses, redactor);
    rule.addCrm(url);
    cdp.on('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId === undefined) rule.shown = { loaderId: frame.loaderId, fragment: (frame.urlFragment ?? '') !== '', asksSts: false };
      else if (originOf(frame.url) === stsOrigin) rule.shown.asksSts = true;
    });
    cdp.on('Network.requestWillBeSent', ({ requestId, frameId, type, request }) => {
      rule.urls.set(requestId, [...(rule.urls.get(requestId) ?? []), request.url]);
      if (type === 'Document' && frameId === rule.mainFrameId) rule.onDocument(request.url);
      else if (originOf(request.url) === stsOrigin) rule.shown.asksSts = true;
    });
    cdp.on('Network.responseReceivedExtraInfo', ({ requestId, headers }) => rule.onHeaders(requestId, headers));
    // Frames in processes of their own are not told of in the page's session.
    page.on('framenavigated', (frame) => {
      if (frame !== page.mainFrame() && originOf(frame.url()) === stsOrigin) rule.shown.asksSts = true;
    });
    page.on('request', (request) => {
      if (originOf(request.url()) === stsOrigin && !isMain(page, () => request.frame())) rule.shown.asksSts = true;
    });
    await Promise.all([cdp.send('Page.enable'), cdp.send('Network.enable'), page.addInitScript(forgetName, stsOrigin)]);
    return rule;
  }

  /** Takes the picture if it may be taken: of one and the same document from the first look to the last. null: it may not. */
  async picture(take: (masked: readonly Locator[]) => Promise<Buffer>): Promise<Buffer | null> {
    const { loaderId } = this.shown;
    for (const address of await within(this.crmAddresses, answerWithinMs, [])) this.addCrm(address);
    if (!this.isCrm() || (await this.leftBehind) || (await this.tellsPassword())) return null;
    const picture = await take(this.strangers());
    return this.shown.loaderId === loaderId && this.isCrm() && !(await this.tellsPassword()) ? picture : null;
  }

  private addCrm(address: string): void {
    const origin = originOf(address);
    if (origin !== null && origin !== this.stsOrigin) this.crmOrigins.add(origin);
  }

  private isCrm(): boolean {
    const url = this.page.url();
    if (url.startsWith('chrome-error:')) return true; // the browser's own page
    const origin = originOf(url);
    const { fragment, asksSts } = this.shown;
    if (!/^https?:/.test(url) || origin === null || !this.crmOrigins.has(origin) || fragment || asksSts) return false;
    return this.page.frames().every((frame) => originOf(frame.url()) !== this.stsOrigin);
  }

  /** Frames that hold somebody else's page, to be covered. */
  private strangers(): Locator[] {
    const isStrange = (frame: Frame): boolean => {
      const origin = originOf(frame.url());
      return origin !== null && !this.crmOrigins.has(origin);
    };
    const holders = this.page.frames().filter((frame) => frame.childFrames().some(isStrange));
    return holders.map((frame) => frame.locator('iframe, frame, object, embed'));
  }

  /** Everything the document says: texts, attributes, values, what style sheets add, in frames and closed shadow trees too. Unreadable counts as telling. */
  private async tellsPassword(): Promise<boolean> {
    const snapshot = await within(this.cdp.send('DOMSnapshot.captureSnapshot', { computedStyles: [] }), answerWithinMs, null);
    if (!snapshot) return true;
    const find: SecretFinder = secretFinder(this.redactor.known().filter(({ kind }) => kind === 'password' || kind === 'code'));
    const { strings, documents } = snapshot;
    const inOrder = documents.flatMap(({ nodes, layout }) => [layout.text, nodes.nodeValue ?? []].map((list) => list.map((at) => strings[at] ?? '').join('')));
    const cookies = await this.page
      .context()
      .cookies(this.page.url())
      .catch(() => []);
    return find(Buffer.from([...inOrder, ...strings, ...cookies.map(({ value }) => value)].join('\n'))).length > 0;
  }

  private onDocument(url: string): void {
    const origin = originOf(url);
    if (origin === null) return;
    if (origin === this.stsOrigin) {
      const asked = this.stsAsked ? null : wsfedParameters(new URL(url).search.slice(1));
      for (const receiver of [asked?.wtrealm, asked?.wreply]) if (receiver) this.addCrm(receiver);
      this.stsAsked = true;
    } else if (!this.stsAsked) this.addCrm(url);
    else {
      const before = this.leftBehind;
      const now = this.sharedCookies();
      this.leftBehind = Promise.all([before, now]).then((both) => both.includes(true));
    }
  }

  /** Whether scripts of CRM's pages can read a cookie that the STS, too, could have set, and nobody else did. */
  private async sharedCookies(): Promise<boolean> {
    const host = `.${new URL(this.stsOrigin).hostname}`;
    const cookies = await this.page
      .context()
      .cookies()
      .catch(() => []);
    return cookies.some(
      ({ name, value, domain, httpOnly }) => domain.startsWith('.') && host.endsWith(domain) && !httpOnly && !this.setByOthers.has(`${name}=${value}`),
    );
  }

  private onHeaders(requestId: string, headers: Readonly<Record<string, string>>): void {
    const urls = this.urls.get(requestId) ?? [];
    if (urls.length === 0 || urls.some((url) => originOf(url) === this.stsOrigin)) return;
    for (const [name, value] of Object.entries(headers))
      if (name.toLowerCase() === 'set-cookie') for (const line of value.split('\n')) this.setByOthers.add(line.split(';')[0]?.trim() ?? '');
  }
}

function isMain(page: Page, frameOf: () => Frame): boolean {
  try {
    return frameOf() === page.mainFrame();
  } catch {
    return false; // a request without a frame
  }
}

/** Runs inside each new document, before its scripts: the name of a window outlives its pages, and CRM's page is not to learn what the STS's put there. */
function forgetName(stsOrigin: string): void {
  const cameFromElsewhere = !document.referrer.startsWith(`${location.origin}/`);
  if (window === window.top && self.origin !== stsOrigin && cameFromElsewhere) window.name = '';
}
