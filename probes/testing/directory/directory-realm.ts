/** The directory as the realm of a Kerberos world: its tickets, its exported keytabs, and its key distribution centre on a port of loopback. */
import { writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { clientConfiguration, type Realm, stsHost } from '../kerberos/kdc';
import { programs, run } from '../kerberos/programs';
import { type Directory, realm } from './directory';

export interface DirectoryRealm extends Realm {
  /** Signs the account in into a ticket cache of its own (kinit with its exported keytab); KRB5CCNAME. */
  ticket(user: string): Promise<string>;
}

export interface DirectoryRealmWishes {
  readonly folder: string;
  /** Encryption types the client allows (krb5.conf, permitted_enctypes); any unless given. */
  readonly only?: string | undefined;
}

export async function directoryRealm(directory: Directory, { folder, only }: DirectoryRealmWishes): Promise<DirectoryRealm> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const kdc = connect(directory.kdcSocket);
    for (const [one, other] of [
      [client, kdc],
      [kdc, client],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy()).on('close', () => open.delete(one));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const configFile = join(folder, 'krb5.conf');
  await writeFile(configFile, clientConfiguration({ realm, port: (server.address() as AddressInfo).port, only }));
  const keytab = async (principal: string, name: string): Promise<string> => {
    await directory.exportKeytab(principal, join(folder, name));
    return join(folder, name);
  };
  return {
    configFile,
    serviceKeytab: (name) => keytab(`HTTP/${stsHost}`, name),
    ticket: async (user) => {
      const cache = `FILE:${join(folder, `ticket-of-${user}`)}`;
      await run(programs.kinit, ['-k', '-t', await keytab(user, `${user}.keytab`), '-c', cache, `${user}@${realm}`], { KRB5_CONFIG: configFile });
      return cache;
    },
    stop: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
