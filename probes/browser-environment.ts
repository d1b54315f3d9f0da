/**
 * The environment the browser process gets: what an operating system, fonts, a proxy and Kerberos need, and nothing else (default deny). Passwords behind
 * `env:`, tokens of vaults and whatever else a service was started with stay here. Names in any case, as on Windows.
 */
const passed: readonly RegExp[] = [
  /^(PATH|HOME|USER|LOGNAME|SHELL|TERM|TZ|LANG|LANGUAGE|LC_\w+|TMPDIR|TEMP|TMP)$/i,
  /^(DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_\w+|DBUS_SESSION_BUS_ADDRESS|LD_LIBRARY_PATH|FONTCONFIG_\w+|SSL_CERT_(FILE|DIR))$/i,
  /^(KRB5\w*|GSS_\w+|KRB5CCNAME)$/i,
  /^(HTTPS?_PROXY|ALL_PROXY|NO_PROXY)$/i,
  /^(SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|OS|PROCESSOR_\w+|NUMBER_OF_PROCESSORS|PROGRAMFILES(\(X86\))?|PROGRAMW6432|PROGRAMDATA|ALLUSERSPROFILE|PUBLIC|APPDATA|LOCALAPPDATA|USERPROFILE|USERNAME|USERDOMAIN\w*|USERDNSDOMAIN|COMPUTERNAME|LOGONSERVER|HOMEDRIVE|HOMEPATH|SESSIONNAME|COMMONPROGRAM\w+(\(X86\))?)$/i,
  /^(PLAYWRIGHT_BROWSERS_PATH|CHROME_\w+)$/i,
];

/** `hidden`: names that hold a secret although they would be passed on. */
export function browserEnvironment(environment: NodeJS.ProcessEnv, hidden: readonly string[] = []): Record<string, string> {
  const without = new Set(hidden.map((name) => name.toUpperCase()));
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !without.has(entry[0].toUpperCase()) && passed.some((pattern) => pattern.test(entry[0])),
    ),
  );
}
