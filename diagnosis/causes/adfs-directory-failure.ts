import { cannotTell, claim, clear, defineRule, found } from '../define-rule';
import { directoryWords } from '../facts/failure-words';
import { stsError } from '../facts/sts-error';
import { textSaying } from '../facts/text-saying';
import { tokenPosts } from '../facts/token-post';
import { probeAgain, readAdfsLog } from '../remedy-steps';

/** AD FS took the credentials and could not read the account's attributes: the directory, or another attribute store, failed it. */
export const adfsDirectoryFailure = defineRule({
  id: 'adfs-directory-failure',
  title: 'AD FS could not read the account from its directory (attribute store)',
  stage: 'token-issue',
  rank: 0.5,
  liesWith: 'sts',
  ceiling: 'confirmed',
  needs: ['pages', 'exchanges'],
  judge: (evidence) => {
    if (evidence.journey.signedIn === 'yes') return clear('Sign-in works.');
    const [post] = tokenPosts(evidence);
    if (post) return clear(`AD FS issued a token (posted to ${post.host}).`);
    const said = textSaying(evidence, 'sts', directoryWords);
    if (said) return found('confirmed', [said.claim], []);
    const error = stsError(evidence);
    if (!error) return evidence.pages.length === 0 ? cannotTell('No page was seen.') : clear('The STS showed no error page.');
    if (!error.afterCredentials) return clear('The error page came before any credentials: no account was looked up yet.');
    if (error.code?.code !== 'MSIS7012') return clear('Nothing the STS said speaks of its directory.');
    return found(
      'suspected',
      [error.shown, claim('MSIS7012 only wraps another error, and it came after the credentials, when the account is looked up.', error.code.ref)],
      [claim('The inner exception stands in event 364 on the AD FS server; without it this is a guess.', `page:${error.page.n}`)],
    );
  },
  remedy: () => [
    readAdfsLog,
    { text: 'On the AD FS server: which domain controller does it use, and does it answer?', command: 'nltest /dsgetdc: /force' },
    { text: 'Does LDAP to the global catalogue answer?', command: 'Test-NetConnection (nltest /dsgetdc: /gc)[0].Split()[-1].Trim([char]92) -Port 3268' },
    {
      text: '"Not a valid Win32 FileTime" names a date of the account that cannot be read: look at it.',
      command: "Get-ADUser '<account>' -Properties accountExpires, pwdLastSet, lastLogonTimestamp | Format-List",
    },
    {
      text: 'Which attribute stores are configured, and do all of them answer?',
      command: 'Get-AdfsAttributeStore | Format-List Name, StoreTypeQualifiedName, Configuration',
    },
  ],
  checkAfterwards: (base) => [probeAgain(base)],
});
