/** Masks what is secret in an address by its place: values of telling parameters, user information, tokens in the fragment. */

/** Parameters whose value signs somebody in. `client-request-id`, wctx, wct … stay: they are what a diagnosis reads. */
const secretNames = [
  'wresult',
  'samlresponse',
  'samlart',
  'assertion',
  'code',
  'access_token',
  'id_token',
  'refresh_token',
  'session_token',
  'id_token_hint',
  'login_ticket',
  'token',
  'ticket',
  'client_secret',
  'client_assertion',
  'secret',
  'api_?key',
  'sig',
  'signature',
  'session(?:_?id)?',
  'sid',
  'jsessionid',
  'auth',
  'authorization',
  'otp',
  'pin',
  '(?:[a-z0-9_.$-]|%(?:25)*24)*pass(?:word|wd|code|phrase)?(?:textbox|input)?',
  'pwd',
].join('|');

/** A parameter, also of an address inside a parameter (`&`, `?`, `=` encoded once or more). */
const secretParameter = new RegExp(`((?:^|[?&#;]|%(?:25)*(?:26|3f|23|3b))(?:${secretNames})(?:=|%(?:25)*3d))((?:(?![&#;\\s"'<>]|%(?:25)*(?:26|23)).)+)`, 'gi');

/** The address with those values as `[masked]`; everything else stays byte for byte. Also fit for a form body. */
export function withoutQuerySecrets(address: string): string {
  return address
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1')
    .replace(/\/\((?:[A-Z]\([^()/]*\)){1,3}\)(?=\/)/g, '/([masked])') // ASP.NET's session or ticket in the path
    .replace(secretParameter, '$1[masked]');
}
