import type { Exchange, LastGood } from '../../contracts/evidence';
import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { crmHost, exchangeRef, hostOf, pathOf } from '../facts/addresses';
import { afterToken } from '../facts/after-token';
import { errorTexts } from '../facts/error-codes';
import { excerpt, instant } from '../facts/wording';
import { probeAgain } from '../remedy-steps';

/** CRM's words for an organization out of service; no number is known. */
const outOfService = /organi[sz]ation\b.{0,60}\b(is|has been|was) (currently )?(disabled|unavailable|in maintenance)|organi[sz]ation\b.{0,40}\bmaintenance/i;

/** CRM's words for an organization it does not have (recalled, several versions). */
const unknownName = /organi[sz]ation\b.{0,80}\b(?:does not exist|doesn.t exist|(?:was|were|is|could|can) ?not (?:be )?found|is not valid)/i;

const titles = {
  either: 'There is no CRM organization at this address, or it is disabled',
  absent: 'No CRM organization of this name at this address',
} as const;

/** Whether the address that answers 404 is the one of the last good sign-in: a mistyped one never worked. */
function beforeAt(lastGood: LastGood | null, missing: Exchange): { readonly said: string | null; readonly title: string | undefined } {
  const [host, path] = [hostOf(missing.url), pathOf(missing.url)];
  const paths = (lastGood?.shape ?? []).flatMap((step) => {
    const [, address = ''] = step.split(' ');
    const at = `https://${address.toLowerCase()}`;
    return hostOf(at) === host ? [pathOf(at)] : [];
  });
  const pages = paths.filter((each) => each !== null && /[.]aspx$/.test(each));
  if (!lastGood || path === null || pages.length === 0) return { said: null, title: titles.either };
  const on = instant(lastGood.savedAt);
  return pages.includes(path)
    ? { said: `${path} answered at the last good sign-in (${on}), so the address is not mistyped; deleted or renamed since is not excluded.`, title: undefined }
    : { said: `At the last good sign-in (${on}) the address was another one: ${pages[0]}.`, title: titles.absent };
}

/** The token was taken, and the organization does not answer. */
export const crmOrganizationDisabled = defineRule({
  id: 'crm-organization-disabled',
  title: 'The CRM organization is disabled or in maintenance',
  stage: 'crm-page',
  rank: -2,
  liesWith: 'relying-party',
  ceiling: 'suspected',
  needs: ['pages', 'exchanges', 'crmMetadata', 'lastGood'],
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
    const absent = errorTexts(evidence).find(({ side, text }) => side === 'relying-party' && unknownName.test(text));
    if (absent)
      return {
        ...found(
          'suspected',
          [claim(`CRM says "${excerpt(absent.text.slice(absent.text.search(unknownName)))}".`, absent.ref), taken, ...runs],
          [...contrast, settle],
        ),
        title: titles.absent,
      };
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
    const before = beforeAt(evidence.lastGood, missing);
    const judgement = found(
      'suspected',
      [
        claim(
          `With a good session, ${host} answered HTTP 404 to ${pathOf(missing.url)} of the organization (${missing.server ?? 'no Server header'}).`,
          ...exchangeRef(missing),
        ),
        ...(before.said === null ? [] : [claim(before.said, ...exchangeRef(missing), 'last-good')]),
        taken,
        ...runs,
      ],
      [
        claim(
          before.title === undefined
            ? 'An organization that cannot load its metadata (crm-internal-error) gives the same answer.'
            : 'Three things give the same answer: a mistyped organization in the configured address, one that is disabled, and one that cannot load ' +
                'its metadata (crm-internal-error). The list of organizations on the CRM server parts them.',
        ),
        settle,
      ],
    );
    return before.title === undefined ? judgement : { ...judgement, title: before.title };
  },
  remedy: ({ settings }) => [
    {
      text: `On the CRM server: name and state of every organization. Is the one of ${settings.url} (signin-probe.yaml) among them, letter for letter?`,
      command: 'Add-PSSnapin Microsoft.Crm.PowerShell; Get-CrmOrganization | Format-Table FriendlyName, UniqueName, State, Version',
    },
    { text: 'State Disabled, and nobody meant it: enable it.', command: "Enable-CrmOrganization -Name '<organization>'" },
    { text: 'State Pending, Maintenance or Failed: an import, update or database work is on; see its log, and wait for its end.' },
    { text: 'Is the organization database online?', command: 'Invoke-Sqlcmd -Query "SELECT name, state_desc FROM sys.databases WHERE name LIKE \'%MSCRM%\'"' },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
