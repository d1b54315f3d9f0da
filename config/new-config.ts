import { stringify } from 'yaml';

/** What a new configuration is made of. */
export interface NewTarget {
  readonly name: string;
  readonly internal: string | null;
  readonly ifd: string | null;
  readonly sts: string;
  /** Null for the logged-on Windows account. */
  readonly account: { readonly user: string; readonly password: string } | null;
  readonly caFile: string | null;
  readonly resolve: Readonly<Record<string, string>>;
  readonly dns: string | null;
}

/** `signin-probe.yaml` for one target; the first line names the JSON Schema, for editors. */
export function newConfig({ name, internal, ifd, sts, account, caFile, resolve, dns }: NewTarget): string {
  const target = {
    name,
    ...(internal ? { internal: { url: internal } } : {}),
    ...(ifd ? { ifd: { url: ifd } } : {}),
    sts,
    account: account ?? { windows: 'current' },
    ...(caFile ? { tls: { ca: caFile } } : {}),
    ...(Object.keys(resolve).length > 0 ? { resolve } : {}),
    ...(dns ? { dns } : {}),
  };
  return `# yaml-language-server: $schema=./signin-probe.schema.json
# ${sts} is the only origin that is ever given the password. All settings: docs/configuration.md.
${stringify({ targets: [target] }, { lineWidth: 0 })}`;
}
