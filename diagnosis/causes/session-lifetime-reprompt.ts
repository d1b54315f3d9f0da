import type { Exchange } from '../../contracts/evidence';
import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, hostOf, stsHost } from '../facts/addresses';
import { looksLikeAdfs } from '../facts/sts-certificates';
import { tokenPosts, type TokenPost } from '../facts/token-post';
import { duration, listed } from '../facts/wording';
import { listTrusts, probeAgain } from '../remedy-steps';

const minuteMs = 60_000;
/** AD FS's default TokenLifetime (field guide §12). */
const defaultTokenMs = 60 * minuteMs;
/** Closer together than this it is a loop, not an expiry. */
const apartMs = 5 * minuteMs;
/** CRM warns 20 minutes before the token ends; AD FS's SSO lasts 480 minutes, with "keep me signed in" 1440 (field guide §12). */
const crmWarningMs = 20 * minuteMs;
const ssoLifetimesMs = [480 * minuteMs, 1440 * minuteMs];
const toleranceMs = 5 * minuteMs;

/** Nothing is broken: tokens or sessions end, and users are asked again, hours or minutes apart. */
export const sessionLifetimeReprompt = defineRule({
  id: 'session-lifetime-reprompt',
  title: 'Sign-in works; sessions end after a fixed time and users are asked again',
  stage: 'crm-page',
  rank: 9,
  liesWith: 'relying-party',
  ceiling: 'confirmed',
  nature: 'warns',
  needs: ['exchanges', 'token', 'stsMetadata'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'no') return clear('The sign-in itself failed; that is no expiry.');
    const { lifetime } = evidence.token ?? { lifetime: null };
    const tokenMs = lifetime ? new Date(lifetime.expires).getTime() - new Date(lifetime.created).getTime() : null;
    const good = tokenPosts(evidence).filter((post) => post.answer.kind === 'accepted' && ledToPage(post, evidence.exchanges, stsHost(evidence)));
    const gaps = good.slice(1).map((post, index) => post.exchange.startedAtMs - (good[index]?.exchange.startedAtMs ?? 0));
    const refs = good.flatMap(({ exchange }) => exchangeRef(exchange));
    if (gaps.length > 0 && gaps.every((gap) => gap >= apartMs)) {
      const fitting = gaps.every((gap) => lifetimes(tokenMs).some((known) => Math.abs(gap - known) <= toleranceMs));
      const seen = claim(`CRM asked for a new token ${listed(gaps.map((gap) => `after ${duration(gap)}`))}, and each time a good page followed.`, ...refs);
      const token = tokenMs === null ? [] : [claim(`Tokens for CRM last ${duration(tokenMs)}.`, 'token')];
      return fitting
        ? found('confirmed', [seen, ...token, claim('The intervals are those of a lifetime: nothing is broken.')])
        : found(
            'probable',
            [seen, ...token],
            [claim('The intervals match none of the known lifetimes; a password change or a restart of the servers ends sessions as well.')],
          );
    }
    if (gaps.length > 0) return clear('A new token was asked for within minutes; that is no expiry.');
    if (tokenMs === null) return cannotTell('No token with a readable lifetime was seen.');
    // How long other servers' tokens last says nothing: their default is not known.
    if (tokenMs < defaultTokenMs - minuteMs && looksLikeAdfs(evidence))
      return found(
        'probable',
        [
          claim(
            `AD FS gives CRM tokens for ${duration(tokenMs)} only (its default is ${duration(defaultTokenMs)}); CRM asks for a new one that often.`,
            'token',
          ),
        ],
        [claim('Whether people notice depends on AD FS still knowing them then (SSO, 480 min by default); a recording over that time would show it.')],
      );
    return clear(`Tokens for CRM last ${duration(tokenMs)}, and one sign-in was seen; prompts that far apart would be normal.`);
  },
  remedy: () => [
    listTrusts,
    {
      text: 'On the AD FS server: raise the token lifetime of both CRM trusts as policy allows (minutes; 480 to 720 are common).',
      command: "Set-AdfsRelyingPartyTrust -TargetName '<CRM trust>' -TokenLifetime 480",
    },
    {
      text: "And AD FS's own session, where people are asked for the password each time.",
      command: 'Get-AdfsProperties | Format-List SsoLifetime, KmsiEnabled, KmsiLifetimeMins, PersistentSso*',
    },
    { text: 'In CRM 9: Settings, Administration, System Settings: the session timeout.' },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});

const lifetimes = (tokenMs: number | null): readonly number[] => [
  ...ssoLifetimesMs,
  ...(tokenMs === null ? [defaultTokenMs, defaultTokenMs - crmWarningMs] : [tokenMs, tokenMs - crmWarningMs]),
];

/** A page of the relying party with status 200 came after this token, before the next one. */
function ledToPage({ exchange }: TokenPost, exchanges: readonly Exchange[], sts: string | null): boolean {
  const next = exchanges.find(({ seq, step }) => seq > exchange.seq && step === 'token-post')?.seq ?? Infinity;
  return exchanges.some(({ seq, status, url, crmError }) => seq > exchange.seq && seq < next && status === 200 && hostOf(url) !== sts && crmError === null);
}
