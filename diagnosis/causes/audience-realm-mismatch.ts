import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { openBefore } from '../facts/earlier-checks';
import { realm } from '../facts/realm';
import { refusedClaim, saidClaims, tokenRefusal } from '../facts/token-refusal';
import { crmHostName, listTrusts, probeAgain, restartIis, updateTrusts } from '../remedy-steps';

/** The token names an audience CRM does not answer for. */
export const audienceRealmMismatch = defineRule({
  id: 'audience-realm-mismatch',
  title: 'The token is for an audience CRM does not accept',
  stage: 'token-post',
  rank: 2,
  liesWith: 'relying-party',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges', 'token', 'stsMetadata', 'crmMetadata', 'wsdl', 'clocks', 'lastGood'],
  judge: (evidence) => {
    const refusal = tokenRefusal(evidence);
    if (refusal.state === 'cannot-tell') return cannotTell(refusal.why);
    if (refusal.state !== 'refused') return clear(refusal.why);
    const { code } = refusal;
    if (code && code.check !== 'audience') return clear(`CRM's answer carries ${code.code}, which is not about the audience.`);
    const { state, appliesTo, wtrealm, scopes, asLastGood } = realm(evidence);
    const refused = refusedClaim(refusal);
    const compared = claim(
      `${appliesTo === null ? 'The audience was not read' : `The token is for ${appliesTo}`}; ` +
        `CRM asked for ${wtrealm ?? 'an unknown realm'} and answers for ${scopes.join(', ') || 'unknown scopes'}.`,
      ...(evidence.token ? ['token'] : []),
      ...(evidence.crmMetadata ? ['metadata:crm'] : []),
    );
    if (code) return found('confirmed', [...saidClaims(code), compared, refused]);
    if (state === 'in-scopes') return clear(`The token is for ${appliesTo}, which is among CRM's scopes.`);
    if (asLastGood) return clear(`Realm and scopes are those of the last good sign-in (${wtrealm}).`);
    if (state === 'not-in-scopes') {
      const open = [
        ...openBefore(evidence, 'audience'),
        ...(evidence.lastGood?.wtrealm ? [] : [claim('Whether this realm ever signed in, with these scopes, is not on record.')]),
        ...(wtrealm === null ? [claim('What CRM itself asked for was not recorded.')] : []),
      ];
      return found(
        wtrealm === null ? 'suspected' : open.length > 0 ? 'probable' : 'confirmed',
        [compared, refused],
        [...open, claim("CRM's list of accepted audiences (AudienceUris) is only in its trace; its published scopes stand for it.", 'metadata:crm')],
      );
    }
    if (state === 'differs-in-writing')
      return found(
        'suspected',
        [compared, refused],
        [claim('The difference is only in writing, and CRM itself asked for this realm; ID1038 in event 3005 on the CRM server would settle it.', 'token')],
      );
    return cannotTell("The token's audience or CRM's scopes could not be read.");
  },
  remedy: (base) => [
    {
      text:
        'On the CRM server: compare the web addresses (Deployment Manager, Properties, Web Address) with the realm above; ' +
        'case, port and trailing slash count.',
      command: 'Add-PSSnapin Microsoft.Crm.PowerShell; Get-CrmSetting WebAddressSettings | Format-List',
    },
    listTrusts,
    {
      text: 'On the AD FS server: find the trust that answers for this host; there must be exactly one.',
      command:
        `Get-AdfsRelyingPartyTrust | Where-Object { $_.Identifier -match '${crmHostName(base).replace(/\./g, '\\.')}' } | ` +
        `Format-List Name, Identifier, WSFedEndpoint`,
    },
    { text: 'After a changed host name: run Configure Internet-Facing Deployment again in Deployment Manager, then update the trusts.' },
    ...updateTrusts,
    restartIis,
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
