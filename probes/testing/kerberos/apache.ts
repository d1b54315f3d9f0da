/** Apache with mod_auth_gssapi on loopback: TLS and Windows sign-in in front of an STS that listens behind it, as HTTP.sys stands before AD FS. */
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestIdentity } from '../test-certificates';
import { closedPort } from '../test-server';
import { programs, serviceAccount, startServer } from './programs';

export interface ApacheWishes {
  readonly folder: string;
  readonly host: string;
  readonly identity: TestIdentity;
  /** Where the STS listens, on 127.0.0.1. */
  readonly behindPort: number;
  /** Path that asks for a Kerberos ticket. */
  readonly protectedPath: string;
  /** The service's keys. */
  readonly keytab: string;
  readonly krb5Config: string;
  /** AD FS's 401 offers NTLM beside Negotiate; nobody here answers it. */
  readonly alsoOffersNtlm: boolean;
}

export interface Apache {
  readonly origin: string;
  /** One entry per request: method, path, status, the user Apache authenticated, and the scheme the browser sent. */
  accesses(): Promise<Access[]>;
  errorLog(): Promise<string>;
  stop(): Promise<void>;
}

interface Access {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly user: string | null;
  /** The Authorization header's first word; the ticket itself is not logged. */
  readonly scheme: string | null;
}

/** The header in which the user's name goes to the STS behind; what a client sends under this name is thrown away. */
export const userHeader = 'x-authenticated-user';

export async function startApache(wishes: ApacheWishes): Promise<Apache> {
  const account = serviceAccount();
  const folder = join(wishes.folder, 'apache');
  await mkdir(folder, { mode: 0o700 });
  const file = (name: string): string => join(folder, name);
  const port = await closedPort();
  await writeFile(file('server.pem'), `${wishes.identity.cert}\n${wishes.identity.key}`, { mode: 0o600 });
  await writeFile(file('http.keytab'), await readFile(wishes.keytab), { mode: 0o600 });
  await writeFile(file('apache.conf'), configuration(file, port, wishes));
  if (account) for (const path of [folder, file('server.pem'), file('http.keytab'), file('apache.conf')]) await chown(path, account.uid, account.gid);
  const env = { KRB5_CONFIG: wishes.krb5Config, KRB5RCACHEDIR: folder, TMPDIR: folder };
  const server = await startServer(programs.apache, ['-D', 'FOREGROUND', '-d', folder, '-f', file('apache.conf')], { env, port, account });
  return {
    origin: `https://${wishes.host}:${port}`,
    accesses: async () => (await readFile(file('access.log'), 'utf8')).split('\n').filter(Boolean).map(readAccess),
    errorLog: () => readFile(file('error.log'), 'utf8'),
    stop: () => server.stop(),
  };
}

function readAccess(line: string): Access {
  const [method = '', path = '', status = '', user = '', scheme = ''] = line.split('\t');
  const given = (value: string): string | null => (value === '-' || value === '' ? null : value);
  return { method, path, status: Number(status), user: given(user), scheme: given(scheme) };
}

const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'headers', 'setenvif', 'proxy', 'proxy_http', 'ssl', 'socache_shmcb', 'auth_gssapi'];

function configuration(file: (name: string) => string, port: number, { host, behindPort, protectedPath, alsoOffersNtlm }: ApacheWishes): string {
  return `ServerRoot ${file('')}
ServerName ${host}
Listen 127.0.0.1:${port}
PidFile ${file('apache.pid')}
DefaultRuntimeDir ${file('')}
${modules.map((name) => `LoadModule ${name}_module ${programs.modules}/mod_${name}.so`).join('\n')}
StartServers 1
ServerLimit 1
ThreadsPerChild 16
MaxRequestWorkers 16
LogLevel warn auth_gssapi:info
ErrorLog ${file('error.log')}
SetEnvIf Authorization "^(\\S+)" scheme=$1
LogFormat "%m\\t%U\\t%>s\\t%u\\t%{scheme}e" accesses
CustomLog ${file('access.log')} accesses
SSLEngine on
SSLCertificateFile ${file('server.pem')}
SSLSessionCache none
ProxyPass / http://127.0.0.1:${behindPort}/
ProxyPreserveHost On
RequestHeader unset ${userHeader} early
<Location ${protectedPath}>
  AuthType GSSAPI
  AuthName "${host}"
  GssapiAllowedMech krb5
  GssapiCredStore keytab:${file('http.keytab')}
  Require valid-user
  RequestHeader set ${userHeader} expr=%{REMOTE_USER}
  ErrorDocument 401 " "
  ${alsoOffersNtlm ? `Header always add WWW-Authenticate NTLM "expr=%{REQUEST_STATUS} == 401"` : ''}
</Location>
`;
}
