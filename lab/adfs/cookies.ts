/** The cookies of AD FS (field guide section 4.2). */

const attributes = 'path=/adfs; HttpOnly; Secure';
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** All cookies of a request in the order sent; a name may occur more than once (paths and domains differ). */
export function readCookies(header: string | undefined): { name: string; value: string }[] {
  return (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter(Boolean)
    .map((pair) => {
      const [name = '', ...rest] = pair.split('=');
      return { name, value: rest.join('=') };
    });
}

/** A session cookie, or one that lasts until `expires`. */
export const setCookie = (name: string, value: string, expires: Date | null = null): string =>
  `${name}=${value}; ${expires ? `expires=${expires.toUTCString()}; ` : ''}${attributes}`;

export const clearCookie = (name: string): string => `${name}=; expires=Thu, 01 Jan 1970 00:00:00 GMT; ${attributes}`;

/** `6/7/2020 8:27:59 AM`: US English local format, the server's zone taken as UTC. */
export function authenticatedValue(now: Date): string {
  const hours = now.getUTCHours();
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${now.getUTCMonth() + 1}/${now.getUTCDate()}/${now.getUTCFullYear()}`;
  return base64(`${date} ${hours % 12 || 12}:${two(now.getUTCMinutes())}:${two(now.getUTCSeconds())} ${hours < 12 ? 'AM' : 'PM'}`);
}

/** `2020-06-07:08:27:59Z\1` */
export const loopValue = (since: Date, count: number): string => base64(`${since.toISOString().slice(0, 19).replace('T', ':')}Z\\${count}`);

/** Reads a loop-detection value; null when it is none. */
export function readLoopValue(value: string): { since: Date; count: number } | null {
  const [, day, time, count] = /^(\d{4}-\d\d-\d\d):(\d\d:\d\d:\d\d)Z\\(\d+)$/.exec(Buffer.from(value, 'base64').toString('utf8')) ?? [];
  return day && time && count ? { since: new Date(`${day}T${time}Z`), count: Number(count) } : null;
}

/** The identity provider and every relying party visited. */
export const signOutValue = (visited: readonly string[]): string => base64(visited.join('\n'));

export const readSignOutValue = (value: string): string[] => Buffer.from(value, 'base64').toString('utf8').split('\n').filter(Boolean);
