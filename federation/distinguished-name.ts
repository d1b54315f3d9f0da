/** Names OpenSSL uses where .NET shows another one. */
const dotNetLabel: Readonly<Record<string, string>> = {
  ST: 'S',
  emailAddress: 'E',
  street: 'STREET',
  title: 'T',
  GN: 'G',
  initials: 'I',
  serialNumber: 'SERIALNUMBER',
};

/** Undoes OpenSSL's RFC 2253 escapes (\, and \0A), which are bytes of UTF-8 where written in hex. */
const unescapeValue = (value: string): string =>
  value.replace(/(?:\\[0-9A-Fa-f]{2})+|\\(.)/gs, (run: string, single: string | undefined) =>
    single === undefined ? Buffer.from(run.replaceAll('\\', ''), 'hex').toString('utf8') : single,
  );

/** .NET puts values with separators, quotes or outer spaces in quotes and doubles the quotes inside. */
const quoteValue = (value: string): string => (/[,+="\n<>#;]|^\s|\s$/.test(value) || value === '' ? `"${value.replaceAll('"', '""')}"` : value);

const labelOf = (type: string): string => (/^\d+(\.\d+)+$/.test(type) ? `OID.${type}` : (dotNetLabel[type] ?? type));

/**
 * One line as .NET shows it (`CN=…, OU=…, O="GoDaddy.com, Inc.", S=…, C=US`: last encoded part first) of the name Node shows on several lines.
 */
export const distinguishedName = (multiLine: string): string =>
  multiLine
    .split('\n')
    .filter((line) => line !== '')
    .reverse()
    .map((line) =>
      line
        .split(/(?<!\\) \+ /)
        .map((part) => {
          const at = part.indexOf('=');
          return at < 0 ? part : `${labelOf(part.slice(0, at))}=${quoteValue(unescapeValue(part.slice(at + 1)))}`;
        })
        .join(' + '),
    )
    .join(', ');

/** Spellings of one attribute type, in lower case. */
const sameType: Readonly<Record<string, string>> = {
  st: 's', s: 's', 'oid.2.5.4.8': 's', '2.5.4.8': 's', emailaddress: 'e', email: 'e', e: 'e', 'oid.1.2.840.113549.1.9.1': 'e', '1.2.840.113549.1.9.1': 'e',
  givenname: 'g', gn: 'g', g: 'g', surname: 'sn', title: 't', initials: 'i', userid: 'uid', 'oid.0.9.2342.19200300.100.1.1': 'uid',
  '0.9.2342.19200300.100.1.1': 'uid',
  'oid.2.5.4.5': 'serialnumber', '2.5.4.5': 'serialnumber', dnqualifier: 'dnq', 'oid.2.5.4.17': 'postalcode', 'oid.2.5.4.97': 'organizationidentifier',
}; // prettier-ignore

const normalType = (type: string): string => sameType[type.trim().toLowerCase()] ?? type.trim().toLowerCase();

/**
 * The parts of a one-line name of any writer (.NET quotes, RFC 2253 and RFC 4514 escapes; separators `,` `;` `+` or newline) as a sorted list of
 * `type=value` in lower case with single spaces: two names with equal lists name the same issuer, whatever their order.
 */
export const normalNameParts = (name: string): readonly string[] => {
  const parts: string[] = [];
  let type: string | null = null;
  let value = '';
  let quoted = false;
  const finish = (): void => {
    if (type !== null) parts.push(`${normalType(type)}=${value.trim().replace(/\s+/g, ' ').toLowerCase()}`);
    type = null;
    value = '';
  };
  for (let at = 0; at < name.length; at += 1) {
    const c = name.charAt(at);
    if (quoted && c === '"' && name.charAt(at + 1) === '"') {
      value += '"';
      at += 1;
    } else if (c === '"') quoted = !quoted;
    else if (c === '\\' && at + 1 < name.length) {
      const hex = /^(?:\\[0-9A-Fa-f]{2})+/.exec(name.slice(at, at + 600))?.[0];
      value += hex === undefined ? name.charAt(at + 1) : Buffer.from(hex.replaceAll('\\', ''), 'hex').toString('utf8');
      at += hex === undefined ? 1 : hex.length - 1;
    } else if (!quoted && (c === ',' || c === ';' || c === '\n' || c === '+')) finish();
    else if (!quoted && c === '=' && type === null) {
      type = value;
      value = '';
    } else value += c;
  }
  finish();
  return parts.sort();
};
