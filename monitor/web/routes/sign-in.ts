/** Signing in and out. Whatever fails says the same, and costs the same time. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { sendMessage, sendPage } from '../answer';
import { FailedSignIns } from '../guard/failed-sign-ins';
import { faultText, Oidc } from '../guard/oidc';
import { isOperatorKey } from '../guard/operator-key';
import { verifyPassword } from '../guard/password-hash';
import { signInPage } from '../pages/sign-in';
import type { WebContext } from '../web-context';

const passwordForm = z.object({ user: z.string().min(1).max(64), password: z.string().min(1).max(1024) });
const keyForm = z.object({ key: z.string().min(1).max(64) });
/** In a minute from one address. */
const attemptsPerMinute = 10;
const limited = { config: { rateLimit: { max: attemptsPerMinute, timeWindow: 60_000 } } };
const wrong = 'The user name or the password is not right.';

/** A path of this page; anything else leads to the overview (no open redirect). */
export const ownPath = (to: unknown): string => {
  if (typeof to !== 'string' || !/^\/(?![/\\])[\x21-\x7e]*$/.test(to) || to.includes('\\')) return '/';
  return to.startsWith('/sign-') ? '/' : to;
};

export function registerSignIn(web: FastifyInstance, context: WebContext, onFault: (text: string) => void): void {
  const { gate, settings, now } = context;
  const { access } = settings;
  const oidcSettings = access.kind === 'sign-in' ? access.oidc : null;
  const oidc = oidcSettings && settings.baseUrl !== null ? new Oidc(oidcSettings, `${settings.baseUrl}/sign-in/callback`, now) : null;
  const failed = new FailedSignIns(now);

  const form = (request: FastifyRequest, reply: FastifyReply, goTo: string, why: string | null, status = 200, user = ''): Promise<FastifyReply> => {
    const view = {
      passwords: gate.users !== null,
      oidc: oidc !== null,
      operatorKey: gate.operatorKey !== null,
      token: gate.formToken(request, reply),
      goTo,
      why,
      user,
    };
    return sendPage(context, request, reply, signInPage(view), status);
  };

  web.get('/sign-in', async (request, reply) => {
    const goTo = ownPath((request.query as { to?: unknown }).to);
    return gate.visitorOf(request, true).signedIn ? reply.redirect(goTo, 303) : form(request, reply, goTo, null);
  });

  web.post('/sign-in', limited, async (request, reply) => {
    const refusal = gate.refusalOf(request);
    if (refusal !== null) return sendMessage(context, request, reply, 403, 'This form is refused', refusal);
    const goTo = ownPath((request.body as { to?: unknown } | undefined)?.to);
    const key = keyForm.safeParse(request.body);
    if (gate.operatorKey !== null && key.success) {
      if (!isOperatorKey(key.data.key, gate.operatorKey))
        return form(request, reply, goTo, 'The operator key is not right. A new one is printed at each start of watch.', 403);
      gate.signIn(request, reply, { user: 'local operator', role: 'operator', by: { kind: 'operator-key' } });
      return reply.redirect(goTo, 303);
    }
    const given = passwordForm.safeParse(request.body);
    if (gate.users === null || !given.success) return form(request, reply, goTo, wrong, 403);
    const { user: name, password } = given.data;
    const user = gate.users.find(name);
    const counted = user && gate.knows(request, user) ? `known browser of ${name}` : name;
    if (failed.tooMany(counted)) return form(request, reply, goTo, 'Too many failed sign-ins with this name. Wait a quarter of an hour.', 429, name);
    if (!(await verifyPassword(password, user?.hash ?? null)) || !user) {
      failed.add(counted);
      onFault(`web: sign-in of "${name.replace(/[^\x20-\x7e]/g, '?')}" from ${request.ip} refused`);
      return form(request, reply, goTo, wrong, 403, name);
    }
    gate.remember(reply, user);
    gate.signIn(request, reply, { user: user.name, role: user.role, by: { kind: 'password', hash: user.hash } });
    return reply.redirect(goTo, 303);
  });

  web.get('/sign-in/oidc', { config: { rateLimit: { max: 3 * attemptsPerMinute, timeWindow: 60_000 } } }, async (request, reply) => {
    if (!oidc) return sendMessage(context, request, reply, 404, 'There is no such page', 'No OpenID provider is configured.');
    try {
      return await reply.redirect(await oidc.begin(gate.browserOf(request, reply), ownPath((request.query as { to?: unknown }).to)), 303);
    } catch (error) {
      onFault(`web: OpenID provider ${oidcSettings?.issuer ?? ''}: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown failure'}`);
      return sendMessage(context, request, reply, 502, 'Signing in is not possible now', faultText(error));
    }
  });

  web.get('/sign-in/callback', limited, async (request, reply) => {
    if (!oidc) return sendMessage(context, request, reply, 404, 'There is no such page', 'No OpenID provider is configured.');
    const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
    const outcome = await oidc.finish(gate.knownBrowser(request), query);
    if (!outcome.ok) {
      onFault(`web: OpenID sign-in refused: ${outcome.why}`);
      return sendMessage(context, request, reply, outcome.status, 'Signing in failed', outcome.why);
    }
    gate.signIn(request, reply, { user: outcome.user, role: outcome.role, by: { kind: 'oidc' } });
    return reply.redirect(outcome.goTo, 303);
  });

  web.post('/sign-out', async (request, reply) => {
    const refusal = gate.refusalOf(request);
    if (refusal !== null) return sendMessage(context, request, reply, 403, 'This form is refused', refusal);
    gate.signOut(request, reply);
    return reply.redirect('/', 303);
  });
}
