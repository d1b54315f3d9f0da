import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { crmHost, exchangeRef, hostOf, pathOf } from '../facts/addresses';
import { afterToken } from '../facts/after-token';
import { errorTexts } from '../facts/error-codes';
import { excerpt } from '../facts/wording';
import { probeAgain } from '../remedy-steps';

/** CRM's words for an organization out of service; no number is known. */
const outOfService = /organi[sz]ation\b.{0,60}\b(is|has been|was) (currently )?(disabled|unavailable|in maintenance)|organi[sz]ation\b.{0,40}\bmaintenance/i;

/** The token was taken, and the organization does not answer. */
export const crmOrganizationDisabled = defineRule({
  id: 'crm-organization-disabled',
  title: 'The CRM organization is disabled or in maintenance',
  ceiling: 'suspected',
  needs: ['pages', 'exchanges', 'crmMetadata'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const after = afterToken(evidence);
    if (after.state === 'not-reached') return clear(after.why);
    if (after.state === 'cannot-tell') return cannotTell(after.why);
    const taken = claim(`${after.host} took the token and set its session cookie: sign-in itself worked.`, ...exchangeRef(after.post));
    const runs = evidence.crmMetadata?.ok ? [claim("CRM's federation metadata is served, so its web site runs.", 'metadata:crm')] : [];
    const other = (evidence.siblings ?? []).filter(({ signedIn }) => signedIn === 'yes');
    const contrast = other.map(({ route }) =>
      claim(`The ${route} route signed in during the same run; if it leads to the same organization, that one is not disabled.`),
    );
    const settle = claim(
      'Another organization of the deployment that works with the same account at the same time would make it probable; Deployment Manager settles it.',
    );
    const words = errorTexts(evidence).find(({ side, text }) => side === 'relying-party' && outOfService.test(text));
    if (words)
      return found(
        'suspected',
        [claim(`CRM says "${excerpt(words.text.slice(words.text.search(outOfService)))}".`, words.ref), taken, ...runs],
        [...contrast, settle],
      );
    const host = crmHost(evidence);
    const missing = after.answers.find(({ status, url }) => status === 404 && hostOf(url) === host);
    if (!missing) return clear('No address of the organization answered 404, and CRM did not say that it is out of service.');
    if (other.length > 0) return clear(`The address answered 404, but the ${other[0]?.route} route signed in during the same run.`);
    return found(
      'suspected',
      [
        claim(
          `With a good session, ${host} answered HTTP 404 to ${pathOf(missing.url)} of the organization (${missing.server ?? 'no Server header'}).`,
          ...exchangeRef(missing),
        ),
        taken,
        ...runs,
      ],
      [
        claim(
          'A mistyped organization in the configured address, or an organization that cannot load its metadata (crm-internal-error), gives the same answer.',
        ),
        settle,
      ],
    );
  },
  remedy: () => [
    {
      text: 'On the CRM server: the state of every organization.',
      command: 'Add-PSSnapin Microsoft.Crm.PowerShell; Get-CrmOrganization | Format-Table FriendlyName, UniqueName, State, Version',
    },
    { text: 'State Disabled, and nobody meant it: enable it.', command: "Enable-CrmOrganization -Name '<organization>'" },
    { text: 'State Pending, Maintenance or Failed: an import, update or database work is on; see its log, and wait for its end.' },
    { text: 'Is the organization database online?', command: 'Invoke-Sqlcmd -Query "SELECT name, state_desc FROM sys.databases WHERE name LIKE \'%MSCRM%\'"' },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
