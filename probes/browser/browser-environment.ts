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

/** What an installer of browsers needs besides: where to download from, and by which certificates. `npm_config_…` in general may hold a registry's token. */
const passedToInstallers: readonly RegExp[] = [
  /^PLAYWRIGHT_(\w+_)?(DOWNLOAD_\w+|HOST_PLATFORM_OVERRIDE)$/i,
  /^npm_(package_)?config_playwright_\w+$/i,
  /^(FTP_PROXY|APT_CONFIG|CI)$/i,
  /^NODE_(EXTRA_CA_CERTS|USE_SYSTEM_CA|USE_ENV_PROXY)$/i,
];

/** The environment of a program that installs a browser: as little as the browser's own, and no secret a service was started with. */
export function installerEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const own = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && passedToInstallers.some((pattern) => pattern.test(entry[0])),
  );
  return { ...browserEnvironment(environment), ...Object.fromEntries(own), DEBIAN_FRONTEND: 'noninteractive' };
}
