import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { buildChallenge, ntlmMessageType, type NtlmTarget, parseAuthenticate } from './ntlm-messages';
import { verifyNtlmV2 } from './ntlm-v2';
import { channelBindingOf } from './channel-binding';
import { unwrapNtlm, wrapChallenge } from './spnego';

/** What the server found in one request. */
type NtlmOutcome<Account> =
  /** No usable Authorization header, or one that begins with a foreign mechanism. */
  | { readonly kind: 'unauthenticated' }
  /** Answer 401 with this one `WWW-Authenticate` value, on the same connection. */
  | { readonly kind: 'challenge'; readonly header: string }
  | { readonly kind: 'accepted'; readonly account: Account }
  | { readonly kind: 'refused' };

export interface NtlmServerOptions<Account extends { readonly password: string }> {
  readonly target: NtlmTarget;
  readonly now: () => Date;
  /** `domain` is empty for `user@domain` and for a bare user name. */
  readonly findAccount: (domain: string, user: string) => Account | null;
  /** The hash of this server's TLS channel: an answer bound to another one is refused, one bound to none is not (ExtendedProtectionTokenCheck Allow). */
  readonly channelBinding?: () => Buffer;
}

export interface NtlmServer<Account> {
  /** Reads one request's Authorization header in the light of what its connection did before. */
  read(socket: Socket, authorization: string | undefined): NtlmOutcome<Account>;
  /** The account this connection was authenticated as, if any: NTLM belongs to the connection. */
  accountOf(socket: Socket): Account | null;
}

interface Connection<Account> {
  pendingChallenge: Buffer | null;
  account: Account | null;
}

/** The server's side of HTTP NTLM (MS-NTHT), also under `Negotiate`, with the NTLMv2 response verified against the account's password. */
export function createNtlmServer<Account extends { readonly password: string }>(options: NtlmServerOptions<Account>): NtlmServer<Account> {
  const connections = new WeakMap<Socket, Connection<Account>>();
  const connectionOf = (socket: Socket): Connection<Account> => {
    const known = connections.get(socket);
    if (known) return known;
    const fresh: Connection<Account> = { pendingChallenge: null, account: null };
    connections.set(socket, fresh);
    return fresh;
  };

  return {
    accountOf: (socket) => connections.get(socket)?.account ?? null,
    read(socket, authorization) {
      const [, scheme, base64] = /^(NTLM|Negotiate)\s+([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '') ?? [];
      if (!scheme || !base64) return { kind: 'unauthenticated' };
      const connection = connectionOf(socket);
      const unwrapped = unwrapNtlm(Buffer.from(base64, 'base64'));
      if (!unwrapped) return { kind: 'refused' };

      const type = ntlmMessageType(unwrapped.message);
      if (type === 1) {
        connection.account = null;
        connection.pendingChallenge = randomBytes(8);
        const challenge = buildChallenge(connection.pendingChallenge, options.target, options.now());
        return { kind: 'challenge', header: `${scheme} ${(unwrapped.wrapped ? wrapChallenge(challenge) : challenge).toString('base64')}` };
      }

      const serverChallenge = connection.pendingChallenge;
      connection.pendingChallenge = null;
      const answer = parseAuthenticate(unwrapped.message);
      if (!serverChallenge || !answer) return { kind: 'refused' };
      const account = options.findAccount(answer.domain, answer.user);
      if (!account || !verifyNtlmV2(account.password, { ...answer, serverChallenge })) return { kind: 'refused' };
      const bound = channelBindingOf(answer.ntResponse);
      if (bound && options.channelBinding && !bound.equals(options.channelBinding())) return { kind: 'refused' };
      connection.account = account;
      return { kind: 'accepted', account };
    },
  };
}
