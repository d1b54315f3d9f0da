import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { hostOf, stsHost } from '../facts/addresses';
import { carrierOf, codeOn, errorTexts } from '../facts/error-codes';
import { tokenPosts } from '../facts/token-post';
import { duration, excerpt, times } from '../facts/wording';
import { probeAgain, readAdfsLog, readCrmLog } from '../remedy-steps';

/** AD FS's default limit: tokens for one browser session within 20 s (field guide §9). */
const loopLimit = 5;

/** AD FS stopped a loop; why the loop arose is another cause. */
export const adfsLoopDetectedMsis7042 = defineRule({
  id: 'adfs-loop-detected-msis7042',
  title: 'AD FS stopped a sign-in loop (MSIS7042): an effect, the cause lies behind it',
  stage: 'crm-page',
  rank: 1,
  liesWith: 'relying-party',
  ceiling: 'confirmed',
  nature: 'effect',
  needs: ['pages', 'exchanges'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const code = codeOn('sts', errorTexts(evidence), 'MSIS7042');
    const posts = tokenPosts(evidence);
    const rounds = Math.max(evidence.journey.rounds, posts.length);
    const counted =
      posts.length > 0
        ? [
            claim(
              `The browser had posted a token to ${posts[0]?.host} ${times(posts.length)} within ${duration(spanMs(posts))}.`,
              ...posts.map(({ exchange }) => `exchange:${exchange.seq}`),
            ),
          ]
        : [];
    const effect = claim('This is an effect: what has to be explained is why CRM sends the browser back after each token.');
    if (code)
      return found('confirmed', [claim(`${carrierOf(code, "The STS's error page")} says ${code.code}: "${code.said}".`, code.ref), ...counted], [effect]);
    const page = evidence.pages.findLast(({ kind, url }) => kind === 'sts-error' && hostOf(url) === stsHost(evidence));
    if (page && posts.length > 0) {
      const shown = claim(
        `After ${posts.length === 1 ? 'a token' : `${posts.length} tokens`} the STS showed an error page: ` +
          `"${excerpt(page.texts['errorText'] ?? page.texts['message'] ?? page.title)}".`,
        `page:${page.n}`,
      );
      return found(
        posts.length >= loopLimit ? 'probable' : 'suspected',
        [shown, ...counted],
        [claim('The page does not show the code; MSIS7042 in event 364 under its Activity ID settles it.', `page:${page.n}`), effect],
      );
    }
    if (evidence.pages.length === 0 && evidence.exchanges.length === 0) return cannotTell('Nothing was seen of the sign-in.');
    if (evidence.journey.symptom === 'redirect-loop')
      return clear(`A loop was seen (${rounds} rounds) and the probe stopped it; AD FS's own limit, by default ${loopLimit} tokens in 20 s, was not reached.`);
    return clear('No loop was seen.');
  },
  remedy: () => [
    { text: 'Leave loop detection on; it protects the farm. Repair what makes CRM refuse the session (see the other causes above, and what was ruled out).' },
    readCrmLog,
    readAdfsLog,
    { text: 'On the AD FS server: read the limits in force.', command: 'Get-AdfsProperties | Format-List EnableLoopDetection, LoopDetection*' },
  ],
  checkAfterwards: (base) => [{ text: 'Wait half a minute, so that the window of 20 s has passed, then sign in again.' }, probeAgain(base)],
});

const spanMs = (posts: ReturnType<typeof tokenPosts>): number => (posts.at(-1)?.exchange.startedAtMs ?? 0) - (posts[0]?.exchange.startedAtMs ?? 0);
