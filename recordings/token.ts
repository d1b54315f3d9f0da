import type { TokenFacts } from '../contracts/evidence';
import { readAutoPostPage } from '../federation/auto-post-page';
import { readWresult } from '../federation/read-wresult';
import type { Flow } from './flow';
import type { Redactor } from './redactor';

/** Where a form leads; as it is written where that is no address. */
const addressOf = (action: string, page: string): string => (URL.canParse(action, page) ? new URL(action, page).href : action.slice(0, 300));

/** What is readable of the last token: from the POST, else from the page that was to post it. A HAR has no keys to judge its signature by. */
export function tokenOf({ documents }: Flow, redactor: Redactor): TokenFacts | null {
  const post = documents.findLast(({ step }) => step === 'token-post');
  const fields = new URLSearchParams(post?.document.body ?? '');
  const posted = fields.get('wresult') ?? fields.get('SAMLResponse');
  if (post && posted) return redactor.deep(readWresult(posted, { postedTo: redactor.url(post.document.url) }));
  for (const { document } of documents.toReversed()) {
    if (document.content === null || !/wresult|SAMLResponse/i.test(document.content)) continue;
    const { action, fields: inputs } = readAutoPostPage(document.content);
    const value = inputs.get('wresult') ?? inputs.get('SAMLResponse');
    if (value) return redactor.deep(readWresult(value, { postedTo: redactor.url(post?.document.url ?? addressOf(action ?? '', document.url)) }));
  }
  return null;
}
