import type { RouteState } from '../../contracts/baseline';
import type { ChangeKind } from '../../contracts/comparison';
import type { Aspect, Aspects, Meaning, Unseen } from './aspect';

const methodWords = { windows: 'Windows sign-in', forms: 'sign-in form' } as const;

/** What was seen on the way through the sign-in: exchange, pages, cookies, token, and who was signed in. */
export function journeyAspects(state: RouteState): Aspects {
  const list: Aspect[] = [];
  const unseen: Unseen[] = [];
  const add = (id: string, kind: ChangeKind, where: string, value: string | null, means: Aspect['means']): void => {
    list.push({ id, kind, where, value, means, ofJourney: true });
  };

  add('method', 'methods', 'How AD FS asks for credentials', state.method === null ? null : methodWords[state.method], methodMeaning);
  const counts = new Map<string, number>();
  for (const { step, method, address, status, leadsTo, authorization } of state.exchange) {
    const n = (counts.get(step) ?? 0) + 1;
    counts.set(step, n);
    const answer = `${status ?? 'no answer'}${leadsTo === null ? '' : ` → ${leadsTo}`}`;
    add(
      `exchange:${step}:${n}`,
      'endpoints',
      `Exchange “${stepWords(step)}”${n > 1 ? `, no. ${n}` : ''}`,
      `${method} ${address} ⇒ ${answer}`,
      'The browser is led another way, or a server answers differently there.',
    );
    if (authorization !== null)
      add(
        `authorization:${step}:${n}`,
        'methods',
        'Windows authentication used',
        authorization,
        'Windows credentials are given in another way: a fall from Kerberos to NTLM points to names (SPN) or to what stands in between.',
      );
  }
  for (const [name, kind, where, means] of wsfedParameters) {
    const value = state.exchange.findLast(({ wsfed }) => wsfed[name] !== undefined)?.wsfed[name] ?? null;
    add(`wsfed:${name}`, kind, where, value, means);
  }

  state.forms.forEach(({ page, recognisedBy, action, fields }, index) => {
    const name = index === 0 ? 'Sign-in page' : `Page no. ${index + 1} that asks for something`;
    add(
      `form:${index}`,
      'methods',
      name,
      `${recognisedBy ?? page}: ${fields.join(', ')}`,
      'AD FS shows another page, or asks for other things: a new theme, generation, or a further factor.',
    );
    add(
      `form-action:${index}`,
      'endpoints',
      `Where the form of ${index === 0 ? 'the sign-in page' : `page no. ${index + 1}`} is sent`,
      action,
      'What people type is sent to another address.',
    );
  });

  for (const { host, name, domain, path, flags, blocked } of state.cookies)
    add(
      `cookie:${host}:${name}`,
      'cookies',
      `Cookie ${name} of ${host}`,
      [
        domain === null ? 'this host only' : `domain ${domain}`,
        `path ${path ?? '/'}`,
        ...flags,
        ...(blocked.length > 0 ? [`refused by the browser: ${blocked.join(', ')}`] : []),
      ].join('; '),
      cookieMeaning,
    );

  tokenAspects(state, add, unseen);

  if (state.user === null) unseen.push({ prefix: 'user:', what: 'who is signed in', why: 'nobody was' });
  else {
    if (state.user.name !== null) add('user:name', 'user', 'Signed-in user', state.user.name, 'The same account is somebody else in CRM now.');
    if (state.user.userId === null)
      unseen.push({ prefix: 'user:id', what: 'user and organization by WhoAmI', why: 'CRM’s WhoAmI was not asked or did not answer' });
    else {
      add('user:id', 'user', 'User id (WhoAmI)', state.user.userId, 'The account has another user record: roles and records of the old one are not its own.');
      add(
        'user:id-organization',
        'user',
        'Organization id (WhoAmI)',
        state.user.organizationId,
        'The address leads to another organization: a restored or re-imported one, or the wrong one.',
      );
    }
  }
  return { list, unseen };
}

type Add = (id: string, kind: ChangeKind, where: string, value: string | null, means: Aspect['means']) => void;

function tokenAspects({ token }: RouteState, add: Add, unseen: Unseen[]): void {
  if (token === null) {
    unseen.push({ prefix: 'token:', what: 'the token', why: 'none was seen' });
    return;
  }
  const { encryptedFor } = token;
  add('token:type', 'token', 'Token type', token.type, 'AD FS issues another kind of token; CRM accepts SAML 1.1.');
  add(
    'token:encrypted',
    'token',
    'Encryption of the token',
    token.encrypted ? `encrypted (${token.dataAlgorithm ?? '?'}, key ${token.keyAlgorithm ?? '?'})` : 'not encrypted',
    'Tokens are protected in another way: a trust made anew by hand lacks the encryption certificate.',
  );
  if (token.encrypted)
    add(
      'token:encrypted-for',
      'encryption-certificate',
      'Certificate the token is encrypted for',
      encryptedFor === null ? null : `${encryptedFor.issuer}, serial ${encryptedFor.serial}`,
      'AD FS encrypts tokens for another certificate: CRM needs its private key.',
    );
  add('token:applies-to', 'identifiers', 'Whom the token is for', token.appliesTo, 'The token names another relying party.');
  add('token:posted-to', 'endpoints', 'Where AD FS sends the token', token.postedTo, 'Tokens are posted to another address of CRM.');
  add(
    'token:lifetime',
    'token',
    'Lifetime of the token',
    token.lifetimeMinutes === null ? null : `${token.lifetimeMinutes} min`,
    'Sessions in CRM end earlier or later: people are asked again at another time.',
  );
  if (token.issuer !== null || token.claims.length > 0) {
    add('token:issuer', 'identifiers', 'Issuer in the token', token.issuer, 'CRM accepts tokens of the issuer it has stored only.');
    add('token:audience', 'identifiers', 'Audience in the token', token.audience, 'CRM accepts tokens for its own addresses only.');
    add(
      'token:authentication',
      'methods',
      'Authentication method in the token',
      token.authenticationMethod,
      'AD FS says that people proved who they are in another way.',
    );
    add(
      'token:claims',
      'claims',
      'Claims in the token',
      token.claims.join(', ') || null,
      'The claim rules give other claims. Without the UPN CRM does not know who it is.',
    );
    add('token:signature', 'token', 'Signature of the token', token.signature, 'The signature stands differently to the keys AD FS publishes.');
  } else unseen.push({ prefix: 'token:', what: 'issuer, claims and signature of the token', why: 'the token is encrypted for CRM' });
}

const wsfedParameters: readonly (readonly [string, ChangeKind, string, string])[] = [
  ['wtrealm', 'identifiers', 'Realm CRM asks with (wtrealm)', 'AD FS looks for a relying-party trust with this identifier; there has to be one.'],
  ['wauth', 'methods', 'Method CRM asks for (wauth)', 'CRM asks AD FS to authenticate people in another way.'],
  ['whr', 'methods', 'Home realm CRM asks for (whr)', 'CRM names another claims provider.'],
  ['wreply', 'endpoints', 'Reply address CRM asks for (wreply)', 'The token is wanted at another address.'],
  ['wctx', 'endpoints', 'What CRM gives along (wctx)', 'CRM leads people back to another page or organization after the sign-in.'],
  ['wfresh', 'methods', 'How fresh a sign-in CRM wants (wfresh)', 'People may be asked although they have just signed in.'],
];

const methodMeaning = (before: string | null, after: string | null): Meaning => ({
  text:
    before === methodWords.windows && after === methodWords.forms
      ? 'People who were signed in silently are shown a form now.'
      : 'People are asked for their password in another way than before.',
});

const cookieMeaning = (before: string | null, after: string | null): Meaning => {
  if (after?.includes('refused by the browser') && !before?.includes('refused by the browser'))
    return { text: 'The browser refuses the cookie now: sign-in turns in circles, or is asked for on every page.', turn: 'worse' };
  if (before === null) return { text: 'A server, or something in front of it, sets a cookie it did not set before.' };
  if (after === null)
    return { text: 'The cookie is no longer set. Whatever relied on it (a session, a balancer that keeps people on one node) has to do without.' };
  return { text: 'The cookie is kept for other hosts or paths, or protected differently.' };
};

const stepWords = (step: string): string => step.replaceAll('-', ' ');
