import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { exchangeRef, hostOf, stsHost } from '../facts/addresses';
import { proxyRequestWords } from '../facts/failure-words';
import { textSaying } from '../facts/text-saying';
import { tokenPosts } from '../facts/token-post';
import { crmHostName, probeAgain, readAdfsLog } from '../remedy-steps';

/** The realm a Web Application Proxy asks AD FS with when it authenticates people before it lets them through (preauthentication). */
const proxyRealm = /[?&](?:realm|wtrealm)=urn(?:%3a|:)AppProxy(?:%3a|:)com/i;

/** The proxy in front of CRM asks AD FS itself, and AD FS refuses that request: CRM is never reached. */
export const wapPreauthentication = defineRule({
  id: 'wap-preauthentication',
  title: 'The Web Application Proxy authenticates people before CRM (preauthentication), and AD FS refuses its request',
  stage: 'sts-page',
  rank: 3,
  liesWith: 'network',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const [post] = tokenPosts(evidence);
    if (post) return clear(`A token was posted to ${post.host}.`);
    if (evidence.exchanges.length === 0) return cannotTell('No exchange was seen.');
    const asked = evidence.exchanges.find(({ url }) => hostOf(url) === stsHost(evidence) && proxyRealm.test(url));
    if (!asked) return clear('No request to the STS was made by a Web Application Proxy (realm urn:AppProxy:com).');
    const said = textSaying(evidence, 'sts', proxyRequestWords);
    const refused = evidence.pages.find(({ kind, url }) => hostOf(url) === stsHost(evidence) && (kind === 'sts-error' || kind === 'http-error'));
    const proxy = claim('The request to AD FS is for urn:AppProxy:com: a Web Application Proxy in front of CRM asked, not CRM.', ...exchangeRef(asked));
    if (said) return found('confirmed', [proxy, said.claim], []);
    if (!refused) return clear('AD FS showed no error page to the request of the proxy.');
    return found(
      'suspected',
      [proxy, claim('AD FS answered with its error page.', `page:${refused.n}`)],
      [claim('Why stands in event 364 on the AD FS server; CRM was not reached and says nothing.', `page:${refused.n}`)],
    );
  },
  remedy: (base) => [
    {
      text: 'On the proxy: how is CRM published? CRM with claims brings its own sign-in, so it is published with pass-through.',
      command: 'Get-WebApplicationProxyApplication | Format-List Name, ExternalUrl, ExternalPreauthentication, ADFSRelyingPartyName',
    },
    {
      text: `Publish ${crmHostName(base)} with pass-through (the application is removed and added anew; note its certificate first).`,
      command:
        "Add-WebApplicationProxyApplication -Name '<name>' -ExternalPreauthentication PassThrough -ExternalUrl '<external address>" +
        "' -BackendServerUrl '<CRM address>' -ExternalCertificateThumbprint '<thumbprint>'",
    },
    readAdfsLog,
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
