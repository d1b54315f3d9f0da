import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { crmHost, exchangeRef, hostOf, recordedUpTo, stsHost } from '../facts/addresses';
import { unreachable } from '../facts/reachability';
import { tokenPosts } from '../facts/token-post';
import { probeAgain } from '../remedy-steps';

/** CRM's web site or application pool is stopped. */
export const crmAppPoolDown = defineRule({
  id: 'crm-app-pool-down',
  title: 'The CRM web site or its application pool is stopped',
  stage: 'crm-redirect',
  rank: 0,
  liesWith: 'relying-party',
  ceiling: 'confirmed',
  needs: ['exchanges', 'stsMetadata', 'crmMetadata', 'tls', 'dns'],
  judge: (evidence) => {
    const host = crmHost(evidence) ?? evidence.settings.url;
    const sts = stsHost(evidence);
    const atCrm = evidence.exchanges.filter(({ url }) => hostOf(url) !== sts);
    const redirected = atCrm.some(({ status, url }) => hostOf(url) === host && status !== null && status < 500);
    const down = atCrm.find(({ status, url }) => status === 503 && hostOf(url) === host);
    const adfs = evidence.stsMetadata?.ok ? [claim("AD FS's metadata is served, so the federation service itself answers.", 'metadata:sts')] : [];
    const why = claim('Why it stopped stands only on the server (System log, source WAS).');
    if (down && !redirected) {
      const metadata =
        evidence.crmMetadata && !evidence.crmMetadata.ok && evidence.crmMetadata.status === 503
          ? [claim("CRM's metadata answers HTTP 503 as well.", 'metadata:crm')]
          : [];
      return found(
        // Only the whole beginning shows that nothing but this was answered before.
        recordedUpTo(down, evidence.exchanges) ? 'confirmed' : 'probable',
        [claim(`${host} answered HTTP 503 before any redirect to the STS (${down.server ?? 'no Server header'}).`, ...exchangeRef(down)), ...metadata, ...adfs],
        [
          claim('A load balancer or maintenance page in front of CRM can send 503 too; the Server header and the server itself tell.', ...exchangeRef(down)),
          why,
        ],
      );
    }
    const post = tokenPosts(evidence).find(({ exchange }) => exchange.status === 503);
    if (post)
      return found(
        'suspected',
        [claim(`${post.host} answered the token's POST with HTTP 503.`, ...exchangeRef(post.exchange)), ...adfs],
        [claim('It had answered before; a filter in front of CRM or a pool that stopped in between.'), why],
      );
    if (redirected) return clear(`${host} answered the first request.`);
    const reach = unreachable(evidence, host);
    if (reach?.layer === 'tcp')
      return found(
        'probable',
        [claim(`${host} did not accept a connection: ${reach.said}.`, ...reach.refs), ...adfs],
        [claim('A stopped web site, a stopped server, a firewall or a wrong address look alike from here.'), why],
      );
    if (reach) return clear(`${host} was not reached (${reach.layer}: ${reach.said}).`);
    return atCrm.length === 0 ? cannotTell('CRM was not asked in this run.') : clear(`${host} did not answer 503.`);
  },
  remedy: () => [
    {
      text: 'On the CRM front-end server: state of pool and site.',
      command: 'Import-Module WebAdministration; Get-WebAppPoolState CRMAppPool; Get-Website | Format-Table Name, State, Bindings',
    },
    { text: 'Start the pool (and the site, if it is stopped).', command: 'Start-WebAppPool CRMAppPool' },
    {
      text: 'If it stops again: read why (identity password, rapid-fail protection).',
      command:
        "Get-WinEvent -FilterHashtable @{ LogName = 'System'; ProviderName = 'Microsoft-Windows-WAS' } -MaxEvents 20 | Format-List TimeCreated, Id, Message",
    },
    { text: 'Check that the server reaches its SQL Server.', command: "Test-NetConnection '<SQL Server>' -Port 1433" },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
