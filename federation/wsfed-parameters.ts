import type { WsfedParameters } from '../contracts/evidence';

const textNames = ['wa', 'wtrealm', 'wctx', 'wct', 'wauth', 'whr', 'wreply', 'wfresh'] as const;

const decode = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // a bare "%" is kept as it is
  }
};

/** Name and value pairs of a query or form body, decoded once; names in lower case, the first of each counts. */
const pairsOf = (text: string): Map<string, string> => {
  const pairs = new Map<string, string>();
  for (const pair of text.split('&')) {
    const at = pair.indexOf('=');
    const name = decode((at < 0 ? pair : pair.slice(0, at)).replaceAll('+', ' '))
      .trim()
      .toLowerCase();
    if (name !== '' && !pairs.has(name)) pairs.set(name, at < 0 ? '' : decode(pair.slice(at + 1).replaceAll('+', ' ')));
  }
  return pairs;
};

/** The part of an address, query or body that holds parameters. */
const queryOf = (input: string): string => {
  const text = input.trim();
  const question = text.indexOf('?');
  const equals = text.indexOf('=');
  const query = question >= 0 && (equals < 0 || question < equals) ? text.slice(question + 1) : text;
  const bare = query.split('#')[0] ?? '';
  // Encoded as a whole once more (a query inside another query).
  return !bare.includes('=') && /%3d/i.test(bare) ? decode(bare) : bare;
};

/** Undoes a second encoding where the value can only be read that way: an address or URN whose colon is still escaped, a wctx without "=". */
const undoSecondEncoding = (name: string, value: string): string => {
  const again = name === 'wctx' ? !value.includes('=') && /%3d/i.test(value) : name === 'wct' ? /^[^:]*%3a/i.test(value) : /^[a-z]{2,10}%3a/i.test(value);
  return again ? decode(value) : value;
};

/**
 * WS-Federation parameters of a query, a form body or a whole address; names in any case, values also encoded twice. The token itself is only measured.
 * @returns null where there is none of wa, wtrealm and wresult. Source: WS-Federation 1.2 §13.2; field guide §1.
 */
export const wsfedParameters = (input: string): WsfedParameters | null => {
  const pairs = pairsOf(queryOf(input));
  if (!pairs.has('wa') && !pairs.has('wtrealm') && !pairs.has('wresult')) return null;
  const parameters: WsfedParameters = {};
  for (const name of textNames) {
    const value = pairs.get(name);
    if (value !== undefined) parameters[name] = undoSecondEncoding(name, value);
  }
  const wresult = pairs.get('wresult');
  if (wresult !== undefined) parameters.wresultBytes = Buffer.byteLength(wresult);
  return parameters;
};

/** The parts of CRM's wctx; null where a part is absent. */
export interface WctxParts {
  readonly rm: string | null;
  readonly id: string | null;
  /** Where CRM sends the user afterwards: a path (internal claims) or an absolute address (IFD). */
  readonly ru: string | null;
  readonly crmorgid: string | null;
}

/** Takes apart a wctx such as `rm=1&id=<guid>&ru=%2forg%2fdefault.aspx&crmorgid=<guid>` (field guide §1.2). */
export const wctxParts = (wctx: string): WctxParts => {
  const pairs = pairsOf(undoSecondEncoding('wctx', wctx.trim()));
  const part = (name: string): string | null => pairs.get(name) || null;
  const ru = part('ru');
  return { rm: part('rm'), id: part('id'), ru: ru !== null && /^(?:%2f|https?%3a)/i.test(ru) ? decode(ru) : ru, crmorgid: part('crmorgid') };
};
