import type { Page } from 'playwright';
import type { Credentials } from './credentials';
import type { FormOutcome } from './form-sign-in';
import type { Moments } from './next-event';
import type { PageLog } from './page-log';
import type { Seen } from './page-reader';
import { findWayOn } from '../page-actions/way-on';
import { originOf, type Traffic } from '../captures/traffic';

export interface InterludeTools {
  readonly page: Page;
  readonly stsOrigin: string;
  readonly credentials: Credentials;
  readonly traffic: Traffic;
  readonly moments: Moments;
  readonly pages: PageLog;
  readonly say: (text: string) => void;
}

/** A sign-in has hardly more than a notice and a question on its way; more is going round in circles. */
const mostPressed = 3;

/**
 * Goes on from pages the STS puts between password and token, where that is harmless: "Stay signed in?", a notice that the password will expire, a
 * notice that the user is signed in. Terms, consent, choices and changes are left to people.
 */
export class Interludes {
  /** The STS went on to such a page, so it took the password. */
  passed = false;
  private readonly pressedOn: number[] = [];

  constructor(private readonly tools: InterludeTools) {}

  /** Presses the one harmless button of the page on screen; `stop` where it has none. */
  async act(seen: Seen, final: boolean): Promise<FormOutcome> {
    const { page, stsOrigin, credentials, traffic, moments, pages, say } = this.tools;
    const { documentId, url } = seen.facts;
    if (this.pressedOn.includes(documentId)) return final ? { stop: seen } : 'go-on';
    const between = credentials.given && traffic.tokenPosts === 0 && originOf(url) === stsOrigin && (seen.context.status ?? 200) < 400;
    if (!between || this.pressedOn.length >= mostPressed) return { stop: seen };
    const way = await findWayOn(page, seen.facts, stsOrigin);
    if (!way || !(await way.press())) return { stop: seen };
    this.passed = true;
    this.pressedOn.push(documentId);
    moments.acted();
    pages.note(seen.recognition, seen.facts, seen.exchange, `pressed "${way.label}": the page ${way.page}`);
    say(`the STS ${way.page}: "${way.label}" pressed`);
    return 'go-on';
  }
}
