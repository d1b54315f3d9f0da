/** Stands before every page: the right name, a visitor who may look, and for every form the right origin, token and role. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import '@fastify/cookie'; // gives requests and answers their cookies
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { WebRole } from '../../../contracts/web-config';
import type { WebSettings } from '../web-settings';
import { isOwnOrigin } from './addresses';
import { makeOperatorKey } from './operator-key';
import { type Session, Sessions } from './sessions';
import { type User, Users } from './users-file';

export interface Visitor {
  /** null = not signed in. */
  readonly name: string | null;
  /** null = may not even look. */
  readonly role: WebRole | null;
  readonly signedIn: boolean;
}

/** Where nobody signs in, there is nobody to sign out either; the operator key's sessions end all the same. */
const localLimits = { idleMs: 12 * 3_600_000, maxMs: { operator: 12 * 3_600_000, viewer: 12 * 3_600_000 } };
const formCookieAge = 12 * 3600;
const knownCookieAge = 90 * 86_400;
const knownMark = (name: string, hash: string): string => createHmac('sha256', hash).update(`signed in here: ${name}`).digest('base64url');

export class Gate {
  readonly users: Users | null;
  /** Makes a visitor on loopback an operator; null where people sign in, or where everybody local is operator. */
  readonly operatorKey: string | null;
  readonly #sessions: Sessions;
  readonly #secret = randomBytes(32);

  constructor(
    readonly settings: WebSettings,
    now: () => Date,
  ) {
    const { access } = settings;
    this.users = access.kind === 'sign-in' && access.usersFile !== null ? new Users(access.usersFile) : null;
    this.operatorKey = access.kind === 'local' && access.role === 'viewer' ? makeOperatorKey() : null;
    this.#sessions = new Sessions(access.kind === 'sign-in' ? access.limits : localLimits, now);
  }

  /** Cookies of a page behind TLS carry the prefix that keeps other hosts of the domain from setting them. */
  get #secure(): boolean {
    return this.settings.tls !== null || this.settings.baseUrl?.startsWith('https:') === true;
  }
  get #sessionCookie(): string {
    return this.#secure ? '__Host-signin-probe' : 'signin-probe';
  }
  get #formCookie(): string {
    return this.#secure ? '__Host-signin-probe-form' : 'signin-probe-form';
  }

  get #knownCookie(): string {
    return this.#secure ? '__Host-signin-probe-known' : 'signin-probe-known';
  }

  /** Who asks. `touch`: a person does, not the page by itself. What a viewer's open page asks for by itself counts too, so that a wall screen stays. */
  visitorOf(request: FastifyRequest, touch: boolean): Visitor {
    const token = request.cookies[this.#sessionCookie];
    let session = this.#sessions.find(token, touch);
    if (session && !this.#stillValid(session)) {
      this.#sessions.end(token);
      session = null;
    }
    if (session?.role === 'viewer' && !touch) this.#sessions.find(token, true);
    if (session) return { name: session.user, role: session.role, signedIn: true };
    const { access } = this.settings;
    return access.kind === 'local' ? { name: null, role: access.role, signedIn: false } : { name: null, role: null, signedIn: false };
  }

  #stillValid({ by, user, role }: Session): boolean {
    if (by.kind !== 'password') return true;
    const now = this.users?.find(user) ?? null;
    return now !== null && now.hash === by.hash && now.role === role;
  }

  /** Begins a session of its own (an older one's cookie is worth nothing any more). */
  signIn(request: FastifyRequest, reply: FastifyReply, session: Pick<Session, 'user' | 'role' | 'by'>): void {
    this.#sessions.end(request.cookies[this.#sessionCookie]);
    void reply.setCookie(this.#sessionCookie, this.#sessions.begin(session), this.#cookie());
    void reply.clearCookie(this.#formCookie, this.#cookie());
  }

  /** Whether this user signed in from this browser before, with the password of today. */
  knows(request: FastifyRequest, { name, hash }: User): boolean {
    return equal(request.cookies[this.#knownCookie] ?? '', knownMark(name, hash));
  }

  /** So that strangers who guess at the name do not keep its owner out. It lets nobody in, and ends with the password. */
  remember(reply: FastifyReply, { name, hash }: User): void {
    void reply.setCookie(this.#knownCookie, knownMark(name, hash), { ...this.#cookie(), maxAge: knownCookieAge });
  }

  signOut(request: FastifyRequest, reply: FastifyReply): void {
    this.#sessions.end(request.cookies[this.#sessionCookie]);
    void reply.clearCookie(this.#sessionCookie, this.#cookie());
  }

  /** A value only this browser has, for forms and sign-ins of people without a session; made when it is not there. */
  browserOf(request: FastifyRequest, reply: FastifyReply): string {
    const known = request.cookies[this.#formCookie];
    if (known !== undefined && /^[A-Za-z0-9_-]{43}$/.test(known)) return known;
    const fresh = randomBytes(32).toString('base64url');
    request.cookies[this.#formCookie] = fresh;
    void reply.setCookie(this.#formCookie, fresh, { ...this.#cookie(), maxAge: formCookieAge });
    return fresh;
  }

  /** The same without making one. */
  knownBrowser(request: FastifyRequest): string | undefined {
    return request.cookies[this.#formCookie];
  }

  /** The token of a form: belongs to the session, or where there is none to the browser. */
  formToken(request: FastifyRequest, reply: FastifyReply): string {
    const visitor = this.visitorOf(request, false);
    return this.#tokenFor(visitor.signedIn ? (request.cookies[this.#sessionCookie] ?? '') : this.browserOf(request, reply));
  }

  /** Why a form is refused; null = it came from a page of ours, made for this visitor. */
  refusalOf(request: FastifyRequest): string | null {
    if (!isOwnOrigin(request, this.settings)) return 'The form was not sent from a page of this address.';
    const given = (request.body as Record<string, unknown> | null | undefined)?.['token'];
    const holders = [this.visitorOf(request, false).signedIn ? request.cookies[this.#sessionCookie] : request.cookies[this.#formCookie]];
    const fits = holders.some((holder) => holder !== undefined && typeof given === 'string' && equal(given, this.#tokenFor(holder)));
    return fits ? null : 'The form is out of date, or was not made for you. Go back, load the page again, and repeat it.';
  }

  #tokenFor(holder: string): string {
    return createHmac('sha256', this.#secret).update(holder).digest('base64url');
  }

  #cookie() {
    return { path: '/', httpOnly: true, sameSite: 'lax' as const, secure: this.#secure };
  }
}

const equal = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
