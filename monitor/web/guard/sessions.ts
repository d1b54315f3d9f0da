/** Who is signed in. In memory: a restart of `watch` signs everybody out. */
import { createHash, randomBytes } from 'node:crypto';
import type { WebRole } from '../../../contracts/web-config';

export interface Session {
  readonly user: string;
  readonly role: WebRole;
  /** How the person signed in; for `password`, the hash it was checked against: another one in the file ends the session. */
  readonly by: { readonly kind: 'password'; readonly hash: string } | { readonly kind: 'oidc' } | { readonly kind: 'operator-key' };
  readonly beganAt: number;
  seenAt: number;
}

export interface SessionLimits {
  readonly idleMs: number;
  readonly maxMs: Readonly<Record<WebRole, number>>;
}

const maxSessions = 2000;
const clockCorrectionMs = 60_000;
/** What is kept is the hash of the cookie, so a lookup's time tells nothing about it. */
const keyOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

export class Sessions {
  readonly #sessions = new Map<string, Session>();

  constructor(
    private readonly limits: SessionLimits,
    private readonly now: () => Date,
  ) {}

  /** Begins a session and returns the value of its cookie (256 bits). */
  begin(session: Omit<Session, 'beganAt' | 'seenAt'>): string {
    const at = this.now().getTime();
    for (const [key, one] of this.#sessions) if (this.#over(one, at)) this.#sessions.delete(key);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= maxSessions && oldest !== undefined) this.#sessions.delete(oldest);
    const token = randomBytes(32).toString('base64url');
    this.#sessions.set(keyOf(token), { ...session, beganAt: at, seenAt: at });
    return token;
  }

  /** The session of a cookie; null when there is none (any more). `touch` = a person did something, so the idle time begins anew. */
  find(token: string | undefined, touch: boolean): Session | null {
    if (token === undefined || token === '') return null;
    const key = keyOf(token);
    const session = this.#sessions.get(key);
    if (!session) return null;
    const at = this.now().getTime();
    if (this.#over(session, at)) {
      this.#sessions.delete(key);
      return null;
    }
    if (touch) session.seenAt = at;
    return session;
  }

  end(token: string | undefined): void {
    if (token !== undefined) this.#sessions.delete(keyOf(token));
  }

  #over({ beganAt, seenAt, role }: Session, at: number): boolean {
    // A clock that was set back would prolong it by as much; corrections of seconds happen every day.
    return at - beganAt >= this.limits.maxMs[role] || at - seenAt >= this.limits.idleMs || seenAt - at > clockCorrectionMs;
  }
}
