import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { replayWords } from '../facts/failure-words';
import { textSaying } from '../facts/text-saying';
import { tokenPosts } from '../facts/token-post';
import { probeAgain, readCrmLog } from '../remedy-steps';

/** CRM saw the same token before: something between browser and CRM sends the POST twice. */
export const tokenReplayed = defineRule({
  id: 'token-replayed',
  title: 'CRM refuses the token as used before (it was posted twice)',
  stage: 'token-post',
  rank: 1.5,
  liesWith: 'network',
  inLab: { toldByText: true },
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const posts = tokenPosts(evidence);
    if (posts.length === 0) return cannotTell('No token was posted.');
    const said = textSaying(evidence, 'relying-party', replayWords);
    if (!said) return clear('Nothing CRM said speaks of a token that was used before.');
    return found(
      'confirmed',
      [
        said.claim,
        posts.length === 1
          ? claim(`The browser posted it once (to ${posts[0]?.host}): something on the way sent it again.`)
          : claim(`The browser posted ${posts.length} tokens.`),
      ],
      [claim('A person who goes back to the page with the token and sends it again is told the same, and then only once.')],
    );
  },
  remedy: () => [
    readCrmLog,
    { text: 'Load balancers and proxies in front of CRM: switch off what repeats a request after a time-out or a failed connection, for POST at least.' },
    {
      text: 'On the CRM server: did the same POST arrive twice? (the IIS log of the web site, at the time of the sign-in)',
      command: "Select-String -Path 'C:\\inetpub\\logs\\LogFiles\\W3SVC*\\*.log' -Pattern ' POST / ' | Select-Object -Last 20",
    },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
