/** A Kerberos realm of its own: MIT's KDC on loopback, with its database, keys and ticket caches in one folder. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closedPort } from '../test-server';
import { programs, run, type Server, startServer } from './programs';

const realm = 'CONTOSO.TEST';
export const stsHost = 'sts.contoso.test';
export const servicePrincipal = `HTTP/${stsHost}@${realm}`;
export const userPrincipal = `probe@${realm}`;

/** Whoever gives tickets for the service `HTTP/sts.contoso.test`. */
export interface Realm {
  /** KRB5_CONFIG for whoever takes part in the realm. */
  readonly configFile: string;
  /** Writes the service's present key into a new keytab of that name; its path. */
  serviceKeytab(name: string): Promise<string>;
  stop(): Promise<void>;
}

export interface Kdc extends Realm {
  /** A line to kadmin.local, e.g. `addprinc -randkey name`. */
  administer(command: string): Promise<string>;
  /** Writes a service's present key into a new keytab. */
  keytab(principal: string, name: string): Promise<string>;
  /** Signs the user in into a ticket cache of its own (kinit with a keytab, as a scheduled probe does) and returns its KRB5CCNAME. */
  ticket(options?: { readonly lifetimeSeconds?: number }): Promise<string>;
  /** What klist says of a cache; null when there is no valid ticket in it. */
  validTickets(cache: string): Promise<string | null>;
}

export interface KdcWishes {
  /** How long an ended ticket is still taken, by everybody in the realm; Kerberos's own default unless given. */
  readonly clockSkewSeconds?: number | undefined;
  /** RC4 is off, at the centre and at its clients. */
  readonly aesOnly?: boolean | undefined;
}

/** Makes the realm and starts its KDC, TCP only, on a free port. `folder` must exist. */
export async function startKdc(folder: string, { clockSkewSeconds = 300, aesOnly = false }: KdcWishes = {}): Promise<Kdc> {
  await mkdir(join(folder, 'kdc'), { mode: 0o700 });
  const file = (name: string): string => join(folder, 'kdc', name);
  const port = await closedPort();
  const configFile = join(folder, 'krb5.conf');
  await writeFile(
    configFile,
    clientConfiguration({ realm, port, clockSkewSeconds, ...(aesOnly ? { only: 'aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96' } : {}) }),
  );
  await writeFile(file('kdc.conf'), kdcConfiguration(file, port));
  const env = { KRB5_CONFIG: configFile, KRB5_KDC_PROFILE: file('kdc.conf') };
  // The database's master key is drawn by chance and kept in its stash file: no password anywhere.
  await run(programs.kdb5Util, ['-r', realm, '-P', crypto.randomUUID(), 'create', '-s', '-W'], env);
  const administer = (command: string): Promise<string> => run(programs.kadminLocal, ['-r', realm, '-q', command], env);
  for (const principal of [servicePrincipal, userPrincipal]) await administer(`addprinc -randkey ${principal}`);
  const keytab = async (principal: string, name: string): Promise<string> => {
    await administer(`ktadd -norandkey -k ${join(folder, name)} ${principal}`);
    return join(folder, name);
  };
  const userKeytab = await keytab(userPrincipal, 'probe.keytab');
  await chmod(userKeytab, 0o600);
  const server: Server = await startServer(programs.krb5kdc, ['-n', '-r', realm, '-P', file('kdc.pid')], { env, port });
  let caches = 0;
  return {
    configFile,
    administer,
    keytab,
    serviceKeytab: (name) => keytab(servicePrincipal, name),
    ticket: async ({ lifetimeSeconds = 600 } = {}) => {
      const cache = `FILE:${join(folder, `ticket-${++caches}`)}`;
      await run(programs.kinit, ['-k', '-t', userKeytab, '-l', `${lifetimeSeconds}s`, '-c', cache, userPrincipal], env);
      return cache;
    },
    validTickets: async (cache) => {
      const valid = await run(programs.klist, ['-s', '-c', cache], env).then(
        () => true,
        () => false,
      );
      return valid ? run(programs.klist, ['-c', cache], env) : null;
    },
    stop: () => server.stop(),
  };
}

/**
 * Names are taken as they are: neither DNS nor reverse DNS has a say, as on a probe that is given its addresses. `only`: encryption types; any unless given.
 */
export function clientConfiguration(wishes: {
  readonly realm: string;
  readonly port: number;
  readonly clockSkewSeconds?: number;
  readonly only?: string | undefined;
}): string {
  const { clockSkewSeconds = 300, only } = wishes;
  return `[libdefaults]
  default_realm = ${wishes.realm}
  dns_lookup_realm = false
  dns_lookup_kdc = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
  clockskew = ${clockSkewSeconds}
${only === undefined ? '' : `  permitted_enctypes = ${only}`}
[realms]
  ${wishes.realm} = {
    kdc = 127.0.0.1:${wishes.port}
  }
[domain_realm]
  .contoso.test = ${wishes.realm}
`;
}

function kdcConfiguration(file: (name: string) => string, port: number): string {
  return `[kdcdefaults]
  kdc_listen = ""
  kdc_tcp_listen = 127.0.0.1:${port}
[realms]
  ${realm} = {
    database_name = ${file('principal')}
    key_stash_file = ${file('stash')}
    acl_file = ${file('kadm5.acl')}
    max_life = 10h
    kdc_tcp_listen = 127.0.0.1:${port}
    kdc_listen = ""
  }
[logging]
  kdc = FILE:${file('kdc.log')}
  admin_server = FILE:${file('kadmin.log')}
  default = FILE:${file('default.log')}
`;
}
