/** For tests: a text as a person can still read it, but not as it was typed. None of this comes from the product. */
const signs = (text: string): string[] => [...text];
const between = (sign: string) => (text: string) => signs(text).join(sign);

export const disguises: Readonly<Record<string, (text: string) => string>> = {
  'zero-width spaces': between('\u200b'),
  'zero-width joiners': between('\u200d'),
  'word joiners': between('\u2060'),
  'byte order marks': between('\ufeff'),
  'soft hyphens': between('\u00ad'),
  'variation selectors': between('\ufe0f'),
  'invisible tags': between('\u{e0041}'),
  'direction marks': between('\u200e'),
  'combining marks': between('\u0336'),
  'combining accents': (text) =>
    signs(text)
      .map((sign, at) => (/[a-z]/i.test(sign) ? `${sign}${['\u0301', '\u0308\u0323', '\u20e3'][at % 3]}` : sign))
      .join(''),
  reversed: (text) => signs(text).reverse().join(''),
  'reversed by an override': (text) => `\u202e${signs(text).reverse().join('')}\u202c`,
  'full width': (text) => text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)),
  'mathematical letters': (text) => text.replace(/[A-Za-z]/g, (sign) => String.fromCodePoint((sign > 'Z' ? 0x1d41a - 97 : 0x1d400 - 65) + sign.charCodeAt(0))),
  'circled letters': (text) => text.replace(/[A-Za-z]/g, (sign) => String.fromCodePoint((sign > 'Z' ? 0x24d0 - 97 : 0x24b6 - 65) + sign.charCodeAt(0))),
  'upper case': (text) => text.toUpperCase(),
  'spaced out': between(' '),
  'spaced far out': between('   '),
  'no-break spaces': between('\u00a0'),
  'thin spaces': between('\u2009'),
  'a letter a line': between('\n'),
  'a letter a paragraph': between('\n\n'),
  tabs: between('\t'),
  dashes: between('-'),
  dots: between('.'),
  'middle dots': between(' · '),
  bars: between('|'),
  'a list': (text) => JSON.stringify(signs(text)),
  'two halves': (text) => `${text.slice(0, text.length >> 1)} ${text.slice(text.length >> 1)}`,
  'reversed and spaced': (text) => signs(text).reverse().join(' '),
  'reversed and invisible': (text) => signs(text).reverse().join('\u200c'),
  'full width, reversed, spaced': (text) =>
    signs(text)
      .reverse()
      .join(' ')
      .replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)),
  'zero-width entities': between('&#8203;'),
  'soft hyphen entities': between('&shy;'),
  'zero-width in an address': (text) => encodeURIComponent(signs(text).join('\u200b')),
  'zero-width in JSON': (text) => JSON.stringify(signs(text).join('\u200b')).replace(/\u200b/g, '\\u200b'),
  'reversed in an address': (text) => encodeURIComponent(signs(text).reverse().join('')),
  'spaced in a form': (text) => new URLSearchParams({ v: signs(text).join(' ') }).toString().slice(2),
  'a tag around each letter': (text) =>
    signs(text)
      .map((sign) => `<b>${sign.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</b>`)
      .join(''),
  'reversed, then Base64': (text) => Buffer.from(signs(text).reverse().join('')).toString('base64'),
};
