import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, hostOf, pathOf, redirectTarget, stsHost } from '../facts/addresses';
import { carrierOf } from '../facts/error-codes';
import { looksLikeAdfs } from '../facts/sts-certificates';
import { stsError } from '../facts/sts-error';
import { tokenPosts } from '../facts/token-post';
import { crmAddress, probeAgain, readAdfsLog } from '../remedy-steps';

/** What reached AD FS is no sign-in request: the parameters CRM sent got lost on the way. */
export const malformedPassiveRequest = defineRule({
  id: 'malformed-passive-request',
  title: 'The sign-in request reached AD FS without its parameters',
  stage: 'sts-page',
  rank: 0.5,
  liesWith: 'network',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges', 'stsMetadata'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const [post] = tokenPosts(evidence);
    if (post) return clear(`AD FS understood the request: it issued a token (posted to ${post.host}).`);
    const error = stsError(evidence);
    if (!error) return evidence.pages.length === 0 ? cannotTell('No page was seen.') : clear('The STS showed no error page.');
    const { code, request, shown } = error;
    const protocol = code?.code === 'MSIS7065';
    if (code && !protocol) return clear(`${carrierOf(code)} carries ${code.code}: AD FS understood the request.`);
    if (!code && !looksLikeAdfs(evidence)) return cannotTell('The STS does not look like AD FS: what its error page means is not known.');
    if (request === null) return cannotTell('The request the error page answers was not recorded.');
    const coded = code ? [claim(`${carrierOf(code)} carries ${code.code}.`, code.ref)] : [];
    if (error.complete) {
      if (!protocol) return clear('A complete request (wa=wsignin1.0 with wtrealm) reached the STS.');
      return found(
        'probable',
        [shown, ...coded],
        [
          claim(
            'The request was complete when it left the browser: what changed it stands between the browser and AD FS, out of sight.',
            ...exchangeRef(request),
          ),
        ],
      );
    }
    const lost = ['wa', 'wtrealm'].filter((name) => !(request.wsfed as Record<string, unknown> | null)?.[name]);
    const arrived = claim(
      `The request that reached ${hostOf(request.url)}${pathOf(request.url) ?? ''} has no ${lost.join(' and no ')}.`,
      ...exchangeRef(request),
    );
    const sent = evidence.exchanges.find(
      (each) =>
        hostOf(each.url) !== stsHost(evidence) && /[?&]wa=wsignin1\.0/i.test(redirectTarget(each) ?? '') && /[?&]wtrealm=/i.test(redirectTarget(each) ?? ''),
    );
    if (!sent)
      return found(
        protocol ? 'probable' : 'suspected',
        [shown, ...coded, arrived],
        [claim("CRM's own redirect was not recorded, or lacks the parameters too: a bookmark or a restored tab of the sign-in page does the same.")],
      );
    const hop = evidence.exchanges.find(
      ({ seq, url, status, location }) =>
        seq < request.seq && hostOf(url) === stsHost(evidence) && status !== null && status >= 300 && status < 400 && location !== null,
    );
    return found(
      protocol ? 'confirmed' : 'probable',
      [
        shown,
        ...coded,
        arrived,
        claim(`${hostOf(sent.url)} had sent the browser on with both.`, ...exchangeRef(sent)),
        ...(hop
          ? [claim(`A redirect (HTTP ${hop.status}, Server ${hop.server ?? 'not given'}) at the STS's own address dropped them.`, ...exchangeRef(hop))]
          : []),
      ],
      protocol ? [] : [claim('The page does not show the code; MSIS7065 in event 364 under its Activity ID settles it.', `page:${error.page.n}`)],
    );
  },
  remedy: (base) => [
    {
      text: 'See where the query gets lost: ask for the sign-in address as CRM sends it, and look at each redirect.',
      command: `curl.exe -sSL -D - -o NUL ${crmAddress(base)}/`,
    },
    {
      text:
        'On a reverse proxy or IIS with URL Rewrite in front of AD FS or CRM: a redirect rule must append the query string; ' +
        'look for rules that touch wauth or /adfs/ls/.',
      command: "Get-WebConfiguration -Filter 'system.webServer/rewrite/rules/rule' -PSPath 'IIS:\\' -Recurse | Format-List name, match, action",
    },
    { text: `Nobody should bookmark ${base.settings.stsOrigin}/adfs/ls/; sign-in starts at the CRM address.` },
    readAdfsLog,
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
