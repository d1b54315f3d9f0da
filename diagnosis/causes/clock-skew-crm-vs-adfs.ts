import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { clockSkews, skewWords, toleratedSkewMs, type ClockSkew } from '../facts/clocks';
import { openBefore } from '../facts/earlier-checks';
import { tokenLifeMs } from '../facts/rollover-twins';
import { sessionEndedByClock } from '../facts/session-ended-by-clock';
import { refusedClaim, saidClaims, tokenRefusal } from '../facts/token-refusal';
import { duration } from '../facts/wording';
import { probeAgain } from '../remedy-steps';

/** CRM and AD FS disagree about the time by more than CRM forgives. */
export const clockSkewCrmVsAdfs = defineRule({
  id: 'clock-skew-crm-vs-adfs',
  title: 'The clocks of CRM and AD FS differ by more than five minutes',
  stage: 'token-post',
  rank: 1,
  liesWith: 'relying-party',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges', 'token', 'stsMetadata', 'crmMetadata', 'wsdl', 'clocks', 'lastGood'],
  judge: (evidence) => {
    const refusal = tokenRefusal(evidence);
    if (refusal.state === 'cannot-tell') return cannotTell(refusal.why);
    const ended = evidence.journey.signedIn === 'no' && refusal.state === 'accepted' ? sessionEndedByClock(evidence) : null;
    if (ended)
      return found(
        'probable',
        [
          claim(
            `${describe(ended)}; the token lives ${duration(tokenLifeMs(evidence.token))}, and CRM's session ends with it: ` +
              `to CRM it had ended when it was set.`,
            ...refsOf(ended),
          ),
          claim('CRM took the token and did not recognise the session on the next request.'),
        ],
        [claim('Front ends with different keys look the same where their clocks are right; w32tm on each server settles which clock is wrong.')],
      );
    if (refusal.state !== 'refused') return clear(refusal.why);
    const { code } = refusal;
    if (code && code.check !== 'time') return clear(`CRM's answer carries ${code.code}, which is not about time.`);
    const skews = clockSkews(evidence);
    const limitOf = (skew: ClockSkew): number => (skew.skewMs > 0 ? tokenLifeMs(evidence.token) + toleratedSkewMs : toleratedSkewMs);
    const guilty = skews.find((skew) => Math.abs(skew.skewMs) - skew.uncertaintyMs > limitOf(skew));
    const refused = refusedClaim(refusal);
    const said = saidClaims(code);
    if (guilty) {
      // The limit is below the tolerance only for a token of no life at all, whatever the clocks.
      const lifeless = limitOf(guilty) < toleratedSkewMs;
      const effect = guilty.skewMs < 0 ? 'to CRM the token is not yet valid' : 'to CRM the token has already ended';
      // Servers that agree about the time do not become strangers by an old token.
      const byDate = skews.filter(({ crm, sts }) => sts.source === 'Date' && crm.source === 'Date');
      const stale =
        guilty.sts.source === 'wsu:Created' &&
        Math.abs(guilty.skewMs) > dayMs &&
        (byDate.length === 0 || byDate.some(({ skewMs }) => Math.abs(skewMs) <= toleratedSkewMs));
      const open = code ? [] : openBefore(evidence, 'clock skew');
      // A time in a token is as old as the token; only the Date headers of both are clocks read in this run.
      const certainty = lifeless || stale ? 'suspected' : open.length > 0 || byDate.length === 0 ? 'probable' : 'confirmed';
      const other = skews.find((skew) => skew !== guilty && Math.abs(skew.skewMs) <= toleratedSkewMs);
      return found(
        certainty,
        [claim(`${describe(guilty)}; ${effect} (tolerated: ${duration(limitOf(guilty))}).`, ...refsOf(guilty)), ...said, refused],
        [
          ...(lifeless
            ? [claim('The token ends before it begins (wsu:Created, wsu:Expires): rather the STS issues it so than a clock is wrong.', 'token')]
            : []),
          ...(stale
            ? [
                claim(
                  byDate.length === 0
                    ? 'No Date headers of both servers tell whether a clock is wrong; this token may as well be an old one (kept, sent again, or issued so).'
                    : 'Both servers tell the same time by their Date headers: rather this token is an old one (kept, sent again, ' +
                        'or issued so) than a clock is wrong.',
                  'token',
                ),
              ]
            : []),
          ...open,
          ...(other ? [claim(`The other reading shows less: ${describe(other)}. A proxy may answer with its own clock.`, ...refsOf(other))] : []),
          claim('Behind a load balancer this is one node only; w32tm on each server settles which clock is wrong.'),
        ],
      );
    }
    if (code) {
      const seen = skews[0] ? `${describe(skews[0])}, within the tolerance: another node or a proxy's clock may have been read` : 'the clocks were not read';
      return found('confirmed', [...said, refused], [claim(`The measured clocks do not show it: ${seen}.`, ...(skews[0] ? refsOf(skews[0]) : []))]);
    }
    const skew = skews[0];
    if (!skew) return cannotTell('The clocks of both servers were not read, and CRM gave no reason.');
    if (Math.abs(skew.skewMs) + skew.uncertaintyMs <= toleratedSkewMs) return clear(`${describe(skew)}: less than the five minutes CRM tolerates.`);
    if (skew.skewMs > 0) return clear(`${describe(skew)}: it would have to be ${duration(limitOf(skew))} ahead for the token to have ended.`);
    return cannotTell(`${describe(skew)}: at the edge of the tolerance.`);
  },
  remedy: () => [
    { text: 'On the CRM and AD FS servers (and proxies): see how far each clock is off.', command: 'w32tm /query /status' },
    { text: 'Compare with the domain controller.', command: "w32tm /stripchart '/computer:<domain controller>' /samples:3 /dataonly" },
    { text: "On the server that is off: synchronise now; check the hypervisor's time synchronisation as well.", command: 'w32tm /resync /rediscover' },
    {
      text: 'Only as a stop-gap, when CRM is slightly behind: let tokens begin earlier (minutes).',
      command: "Set-AdfsRelyingPartyTrust -TargetName '<CRM trust>' -NotBeforeSkew 5",
    },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});

/** Clocks differ by minutes or hours, seldom by a time zone; a token that is days old is an old token. */
const dayMs = 86_400_000;

const describe = (skew: ClockSkew): string =>
  `CRM's clock (${skew.crm.host}, ${skew.crm.source}) is ${skewWords(skew)} the STS's (${skew.sts.host}, ${skew.sts.source}), ±${duration(skew.uncertaintyMs)}`;

const refsOf = ({ crm, sts }: ClockSkew): string[] => [`clock:${crm.host}`, `clock:${sts.host}`];
