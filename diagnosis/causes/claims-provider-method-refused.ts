import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { methodWords } from '../facts/failure-words';
import { stsError } from '../facts/sts-error';
import { textSaying } from '../facts/text-saying';
import { tokenPosts } from '../facts/token-post';
import { probeAgain, readAdfsLog } from '../remedy-steps';

/** People sign in at a claims provider, by another method than CRM asked for (wauth): AD FS takes the credentials' word and refuses the method. */
export const claimsProviderMethodRefused = defineRule({
  id: 'claims-provider-method-refused',
  title: 'The claims provider signed people in by another method than CRM asked for (wauth)',
  stage: 'credentials',
  rank: 8,
  liesWith: 'sts',
  ceiling: 'probable',
  needs: ['pages', 'exchanges'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const [post] = tokenPosts(evidence);
    if (post) return clear(`AD FS issued a token (posted to ${post.host}).`);
    const said = textSaying(evidence, 'sts', methodWords);
    if (!said) return evidence.pages.length === 0 ? cannotTell('No page was seen.') : clear('Nothing the STS said speaks of a refused method.');
    const home = evidence.pages.find(({ kind }) => kind === 'sts-home-realm');
    const error = stsError(evidence);
    if (!home && !error?.afterCredentials)
      return clear('No sign-in had taken place: AD FS itself does not offer the method (requested-auth-method-not-enabled).');
    const wauth = error?.request?.wsfed?.wauth ?? null;
    return found(
      home ? 'probable' : 'suspected',
      [
        said.claim,
        home
          ? claim('AD FS asked for the home realm first: people sign in at a claims provider.', `page:${home.n}`)
          : claim('It came after a sign-in, so the method was judged by what was done, not by what is offered.'),
        ...(wauth === null ? [] : [claim(`CRM asked for ${wauth} (wauth).`)]),
      ],
      [claim('Whether the provider or AD FS carried out the sign-in is not visible from here; the event names the provider.')],
    );
  },
  remedy: () => [
    readAdfsLog,
    {
      text: 'See what the claims provider sends as authentication method, and map it to the one CRM asks for in the acceptance rules of its trust.',
      command: "Get-AdfsClaimsProviderTrust -Name '<claims provider>' | Format-List Name, AcceptanceTransformRules",
    },
    { text: 'Or have the claims provider sign in by the method that was asked for: it gets the same wauth.' },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
