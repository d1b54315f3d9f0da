import type { Result } from '../../contracts/report';
import { liesWith } from '../../diagnosis/cause-traits';

/** What the STS or CRM said about the account itself: another try submits the password again, and tells nothing new. */
const isAboutTheAccount = (cause: string): boolean => ['account', 'rights'].includes(liesWith(cause) ?? '');

/** Whether a broken sign-in may be repeated at once to see if it stays broken: never after the credentials were refused. */
export function mayConfirm({ verdict, failedAt, causes }: Pick<Result, 'verdict' | 'failedAt' | 'causes'>): boolean {
  return verdict === 'broken' && failedAt !== 'credentials' && !causes.some(({ id }) => isAboutTheAccount(id));
}
