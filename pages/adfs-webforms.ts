import type { Recogniser } from './page-context';

const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/**
 * The error page of AD FS 2.x in any language (field guide §7.6): nothing to fill in, and a reference number under which the server's log has the
 * reason.
 */
export const webFormsError: Recogniser = ({ facts, host }) => {
  if (host !== 'sts' || facts.fields.length > 0 || !/^\/adfs\//i.test(new URL(facts.url).pathname)) return null;
  const reference = guid.exec(facts.text)?.[0];
  return reference ? { kind: 'sts-error', recognisedBy: 'adfs-2-error', texts: { message: facts.text.slice(0, 500), reference } } : null;
};
