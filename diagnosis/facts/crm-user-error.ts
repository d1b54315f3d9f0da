import type { RouteEvidence } from '../../contracts/evidence';
import { codeOn, errorTexts, type CodeFound } from './error-codes';
import { excerpt } from './wording';

/** CRM's own codes for an account it cannot serve (Microsoft's list of CRM error codes). */
const userCodes: Readonly<Record<string, string>> = {
  '0x80040204': 'CRM knows no user for this identity, or a stale one',
  '0x80040225': 'the user is disabled, or in no business unit',
  '0x80042f09': 'the user has no security role',
};
/** CRM came as far as asking about the user, so its token check had passed (field guide §16): the user codes, and the one of a missing UPN. */
export const codesBehindTheToken: readonly string[] = [...Object.keys(userCodes), '0x80040203'];

const sentences: readonly (readonly [RegExp, string])[] = [
  [/invalid user authori[sz]ation|user authentication passed to the platform is not valid|invalid user authentication parameter/i, '0x80040204'],
  [/user is either disabled or is not a member of any business unit/i, '0x80040225'],
  [/user has not been assigned any (security )?role/i, '0x80042f09'],
];

/** What CRM said of the user after it had taken the token. */
export interface CrmUserError extends CodeFound {
  readonly meaning: string;
  /** False when only the words were there, no number. */
  readonly byCode: boolean;
}

/** The error of CRM's user mapping in pages and addresses; null when none of the known ones is there. Numbers before words. */
export function crmUserError(evidence: Pick<RouteEvidence, 'settings' | 'exchanges' | 'pages'>): CrmUserError | null {
  const texts = errorTexts(evidence);
  const found = codeOn('relying-party', texts, ...Object.keys(userCodes));
  if (found) return { ...found, meaning: userCodes[found.code.toLowerCase()] ?? '', byCode: true };
  for (const [sentence, code] of sentences) {
    const hit = texts.find(({ side, text }) => side === 'relying-party' && sentence.test(text));
    if (hit)
      return { code, said: excerpt(hit.text.slice(Math.max(0, hit.text.search(sentence)))), ref: hit.ref, meaning: userCodes[code] ?? '', byCode: false };
  }
  return null;
}
