/** What CRM's error page has in its address. */
export interface CrmErrorAddress {
  readonly errorCode: string | null;
  /** The exception's text, at most 2,000 characters. */
  readonly text: string | null;
  readonly requestUri: string | null;
}

/**
 * The facts CRM's error page (`/_common/error/errorhandler.aspx`) has in its address (field guide §10); null for any other address.
 * `shown` makes a text fit to be kept (takes secrets out).
 */
export function crmErrorOf(address: string, shown: (text: string) => string): CrmErrorAddress | null {
  const url = new URL(address);
  if (!isCrmError(url)) return null;
  const parameter = (name: string): string | null => {
    for (const [key, value] of url.searchParams) if (key.toLowerCase() === name && value) return shown(value).slice(0, 2000);
    return null;
  };
  return { errorCode: parameter('errorcode'), text: parameter('parm0'), requestUri: parameter('requesturi') };
}

/** Whether an address is that of CRM's error page. */
export const isCrmError = ({ pathname }: URL): boolean => /\/_common\/error\//i.test(pathname);
