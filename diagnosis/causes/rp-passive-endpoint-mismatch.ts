import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { crmHost, hostOf } from '../facts/addresses';
import { tokenDestination } from '../facts/misdirected-token';
import { lastTokenPost } from '../facts/token-post';
import { instant, listed } from '../facts/wording';
import { listTrusts, probeAgain, resolveName, restartIis, updateTrusts } from '../remedy-steps';

/** The trust's endpoint is not CRM's: AD FS sends the token to an old or wrong address, and what is met there is an effect. */
export const rpPassiveEndpointMismatch = defineRule({
  id: 'rp-passive-endpoint-mismatch',
  title: 'AD FS posts the token to an old or wrong CRM address',
  stage: 'dns',
  rank: -1,
  liesWith: 'relying-party',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges', 'token', 'crmMetadata', 'lastGood'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const destination = tokenDestination(evidence);
    if (destination.state === 'unknown')
      return evidence.journey.tokenPosts > 0
        ? cannotTell(`Where the token went could not be judged: ${destination.why}.`)
        : clear('The sign-in ended before a token left the browser.');
    if (destination.state === 'published')
      return clear(`The token goes to ${destination.action}, ${destination.by === 'metadata' ? 'as CRM publishes it' : 'as at the last good sign-in'}.`);
    const { action, published, by, refs, post } = destination;
    const answer = lastTokenPost(evidence)?.answer.kind;
    if (answer === 'accepted' || answer === 'accepted-cookie-blocked') return clear(`${hostOf(action)} took the token: it is CRM, whatever its metadata says.`);
    const what =
      post === null || post.status === null
        ? [claim(`Nothing answered there (${post?.failure ?? 'cut off'}).`, ...refs)]
        : [claim(`It answered HTTP ${post.status} (${post.server ?? 'no Server header'}).`, ...refs)];
    const good = evidence.lastGood;
    const before =
      by === 'metadata' && good?.tokenPostedTo
        ? [claim(`At the last good sign-in (${instant(good.savedAt)}) the token went to ${good.tokenPostedTo}.`, 'last-good')]
        : [];
    const where = claim(
      `AD FS's form sends the token to ${action}; ` +
        `${by === 'metadata' ? `CRM's metadata names ${listed(published)}` : `at the last good sign-in it went to ${listed(published)}`}.`,
      ...refs,
      by === 'metadata' ? 'metadata:crm' : 'last-good',
    );
    const sameHost = published.some((endpoint) => hostOf(endpoint) === hostOf(action)) || hostOf(action) === crmHost(evidence);
    const because = [where, ...what, ...before];
    if (by === 'last-good')
      return found(answer === 'refused' || post === null ? 'suspected' : 'probable', because, [
        claim(
          `CRM's metadata ${evidence.crmMetadata ? 'could not be read' : 'was not captured'}; when CRM itself moved, the new address is the right one.`,
          ...(evidence.crmMetadata ? ['metadata:crm'] : []),
        ),
      ]);
    // A CRM host that judged the token is a place CRM listens at: only a foreign or dead one proves the address wrong.
    if (answer === 'refused' && sameHost)
      return found('suspected', because, [claim(`${hostOf(action)} is CRM and judged the token; the differing address may not be the reason.`, ...refs)]);
    // Without the answer at that address CRM may have listened there all the same.
    return found(post === null ? 'suspected' : 'confirmed', because, [
      claim(
        'What stands at that address – no name, a certificate error, a foreign page – is an effect, unless that host is a CRM front end that should answer.',
      ),
    ]);
  },
  remedy: (base) => [
    {
      text: 'On the AD FS server: where do the trusts send tokens?',
      command: 'Get-AdfsRelyingPartyTrust | Format-List Name, Identifier, WSFedEndpoint, AdditionalWSFedEndpoint, LastMonitoredTime',
    },
    listTrusts,
    ...updateTrusts,
    {
      text: 'A trust made by hand cannot be updated: set the endpoint CRM publishes.',
      command: "Set-AdfsRelyingPartyTrust -TargetName '<CRM trust>' -WSFedEndpoint 'https://<CRM internal or auth host>/'",
    },
    {
      text:
        "If CRM's own metadata names the wrong address: correct web addresses, external domain and port in Deployment Manager, " +
        'run the IFD wizard again, then update the trusts.',
      command: 'Add-PSSnapin Microsoft.Crm.PowerShell; Get-CrmSetting WebAddressSettings | Format-List; Get-CrmSetting IfdSettings | Format-List',
    },
    restartIis,
    { text: 'The name CRM is to be reached by must resolve.', command: resolveName(hostOf(base.settings.url) ?? '<CRM host>') },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
