/** The configuration, `signin-probe.yaml`, after reading: every default filled in, secrets still references. */
import { z } from 'zod';
import { alertsSchema, metricsSchema, otlpSchema, targetAlertSchema } from './alert-config';
import { changeKindSchema } from './comparison';
import { maintenanceSchema, monitorSchema, scheduleSchema } from './monitor-config';
import { locationSchema } from './monitoring';
import { secretReferencePattern } from './secret-reference';
import { webConfigSchema } from './web-config';
import type { Route } from './words';

const onlyKnownKeys = z.strictObject;

export { secretReferencePattern };

const isLoopback = (host: string): boolean => host === 'localhost' || host.endsWith('.localhost') || /^127\./.test(host) || host === '[::1]';

/** An https address; plain http only on the loopback host itself. */
const webAddress = z.string().superRefine((value, ctx) => {
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    ctx.addIssue({ code: 'custom', message: `expected an address such as https://crm.contoso.com/, found "${value}"` });
    return;
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    ctx.addIssue({ code: 'custom', message: `expected an https:// address, found "${value}"` });
  if (url.username || url.password) ctx.addIssue({ code: 'custom', message: 'an address must not carry a user name or password' });
});

/** Browsers the program looks for by name, besides a path. */
export const browserNames = ['chromium-headless-shell', 'playwright', 'chrome', 'chromium', 'edge'] as const;
export type BrowserName = (typeof browserNames)[number];

/** YAML's double quotes turn `\n` of CONTOSO\new-user into a line break; Active Directory allows no such character in a name. */
const accountName = z
  .string()
  .min(1)
  .refine((user) => !/[\u0000-\u001f\u007f]/.test(user), {
    error: () =>
      'expected a name such as CONTOSO\\probe, found one with a control character: within double quotes YAML reads \\n, \\t, \\b and \\r as such; ' +
      'write it in single quotes or without any',
  });

/** An IP address, optionally with a port. */
export const dnsPattern = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:]+\])(:\d+)?$/;

const days = z.number().positive();
const guid = z.string().regex(/^\{?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?$/, 'expected a GUID such as e369084a-a907-e411-954e-00155d009f27');

const accountSchema = onlyKnownKeys({
  /** DOMAIN\user or user@domain. */
  user: accountName.optional(),
  password: z
    .string()
    .regex(
      secretReferencePattern,
      'expected a secret reference (env:NAME, file:PATH, dpapi:PATH, prompt:, keyring:SERVICE/NAME, vault:PATH#KEY or azurekv:VAULT/NAME), ' +
        'never the password itself',
    )
    .optional(),
  /** `current`: the logged-on Windows account (Kerberos). */
  windows: z.literal('current').optional(),
  /** Where AD FS asks for a one-time code: the secret shared with the authenticator app (base32, or the whole otpauth:// address). */
  totp: z
    .string()
    .regex(
      secretReferencePattern,
      'expected a secret reference (env:NAME, file:PATH, dpapi:PATH, prompt:, keyring:SERVICE/NAME, vault:PATH#KEY or azurekv:VAULT/NAME), ' +
        'never the secret itself',
    )
    .optional(),
  /** Where AD FS asks for the home realm: the name of the claims provider as the page shows it, or its identifier. */
  realm: z.string().min(1).optional(),
  /** "Reset account lockout counter after" of Active Directory, in minutes (default 30): a submission without a clear answer is not repeated before that. */
  lockoutWindowMinutes: z.number().positive().max(99_999).optional(),
}).superRefine((account, ctx) => {
  if (account.windows === 'current' && (account.user || account.password))
    ctx.addIssue({ code: 'custom', message: 'expected either `windows: current` or `user` with `password`, found both' });
  if (account.windows !== 'current' && !(account.user && account.password))
    ctx.addIssue({ code: 'custom', message: 'expected `user` and `password` (a secret reference), or `windows: current`' });
});

const locationsSchema = z.array(locationSchema).min(1, 'expected at least one location, such as [hq]');

const targetKeys = {
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected a kebab-case name such as contoso-production'),
  internal: onlyKnownKeys({ url: webAddress, locations: locationsSchema.optional() }).optional(),
  ifd: onlyKnownKeys({ url: webAddress, locations: locationsSchema.optional() }).optional(),
  sts: webAddress,
  account: accountSchema,
  expect: onlyKnownKeys({ user: z.string().optional(), organization: guid.optional() }).optional(),
  signedIn: onlyKnownKeys({ selector: z.string().min(1).optional(), api: z.boolean().optional() }).optional(),
  /**
   * Identifier of a diagnostic relying-party trust: unencrypted tokens to a host ending in .invalid, which the probe takes inside the browser
   * (docs/diagnostic-trust.md).
   */
  diagnosticTrust: z.string().min(1).optional(),
  /** A copy of CRM's encryption certificate with its private key (PFX or PEM): CRM's own tokens are opened with it, on this machine only. */
  decryption: onlyKnownKeys({
    key: z.string().min(1),
    password: z.string().regex(secretReferencePattern, 'expected a secret reference such as env:NAME or file:PATH, never the password itself').optional(),
  }).optional(),
  metadata: onlyKnownKeys({ sts: webAddress.optional(), crm: webAddress.optional() }).optional(),
  tls: onlyKnownKeys({ ca: z.string().min(1).optional() }).optional(),
  /** Pins a host to one address (a farm node), keeping its name in TLS, cookies and Kerberos. */
  resolve: z.record(z.string(), z.string()).optional(),
  /** Ask this DNS server (address or address:port) instead of the system's, e.g. to see the outside of a split DNS. */
  dns: z.string().regex(dnsPattern, 'expected an IP address, optionally with a port, such as 10.0.0.53 or 127.0.0.1:5353').optional(),
  /** Addresses of the farm's nodes by host name, each asked one by one with --each-node; without it, every address the name has. */
  nodes: z.record(z.string(), z.array(z.string()).min(1)).optional(),
  rollover: onlyKnownKeys({
    generationDays: days.optional(),
    promotionDays: days.optional(),
    criticalDays: days.optional(),
    /** AutoCertificateRollover of AD FS; without it, judged by whether AD FS made the certificate itself. */
    automatic: z.boolean().optional(),
  }).optional(),
  /** `run` turns at-risk when sign-in will break within so many days (default 30). */
  warnDays: days.optional(),
  /** The whole sign-in over one route must end within so many seconds (default 60). */
  deadlineSeconds: z.number().positive().max(600).optional(),
  /** Addresses of this machine or a private network (without port) that pages may use although no other key names them. */
  allowHosts: z.array(z.string().min(1)).optional(),
  /** At most so many sign-ins begin at the STS in so many seconds, over all processes of the machine (3 in 20 s unless given). */
  limits: onlyKnownKeys({ visits: z.number().int().min(1).optional(), perSeconds: z.number().positive().max(3600).optional() }).optional(),
  /** When `watch` signs in: `every 5m`, `cron 0 6 * * 1-5`, or a mapping with a time zone (docs/monitoring.md). */
  schedule: scheduleSchema.optional(),
  /** From where; a route may have its own. */
  locations: locationsSchema.optional(),
  maintenance: z.array(maintenanceSchema).optional(),
  /** How many bad slots make an alert of this target, where it differs from `alerts:`. */
  alert: targetAlertSchema.optional(),
};

const targetSchema = onlyKnownKeys(targetKeys).superRefine((target, ctx) => {
  if (!target.internal && !target.ifd) ctx.addIssue({ code: 'custom', message: 'expected at least one route: `internal: { url: … }` or `ifd: { url: … }`' });
});

const configKeys = {
  /** Path of a browser, or one of: edge, chrome, chromium, chromium-headless-shell, playwright. */
  browser: z.string().optional(),
  /** Schedules, locations and the store of `watch` (docs/monitoring.md). */
  monitor: monitorSchema.optional(),
  /** Who is told what (docs/alerts.md). */
  alerts: alertsSchema.optional(),
  /** `/metrics` of `watch`, and OpenTelemetry (docs/metrics.md). */
  metrics: metricsSchema.optional(),
  otlp: otlpSchema.optional(),
  /** The web page of `watch` (docs/web.md). */
  web: webConfigSchema.optional(),
  /** A change that is being made: its name, and what is meant to change (docs/baselines.md). `compare` and `change` use it unless --expect is given. */
  change: onlyKnownKeys({ name: z.string().min(1).optional(), expect: z.array(changeKindSchema).optional() }).optional(),
};

/** The configuration written out: every target by itself, its defaults in it. */
export const configSchema = onlyKnownKeys({ targets: z.array(targetSchema).min(1, 'expected at least one target'), ...configKeys });

const { name, ...defaultKeys } = targetKeys;
const defaultsSchema = onlyKnownKeys(defaultKeys).partial();
/** The configuration as a person writes it (config/expand.ts writes it out): for editors. */
export const writtenConfigSchema = onlyKnownKeys({
  targets: z
    .array(
      onlyKnownKeys({
        name: name.optional(),
        /** A group: one target for each organization, its name in place of {organization} in every text of the group and of the defaults. */
        organizations: z
          .array(z.string().regex(/^[\w-]+$/))
          .min(1)
          .optional(),
        ...defaultsSchema.shape,
      }),
    )
    .min(1),
  /** What every target has that does not say otherwise; a target's own key replaces the whole of it. */
  defaults: defaultsSchema.optional(),
  ...configKeys,
});
export type ConfigFile = z.infer<typeof configSchema>;
export type TargetFile = z.infer<typeof targetSchema>;

/** How many sign-ins may begin at an STS in how many seconds. */
export interface VisitLimit {
  readonly visits: number;
  readonly perSeconds: number;
}

/** Fewer than four in 20 s: AD FS takes more than five tokens in 20 s for a loop (MSIS7042, field guide §9), and a farm has other guests. */
export const defaultVisitLimit: VisitLimit = { visits: 3, perSeconds: 20 };

/** One target × route, every default filled in, paths absolute: what a journey needs. */
export interface Target {
  readonly name: string;
  readonly route: Route;
  readonly url: string;
  /** Origin, e.g. https://sts.contoso.com */
  readonly stsOrigin: string;
  readonly account: { readonly kind: 'windows-current' } | { readonly kind: 'password'; readonly user: string; readonly secret: string };
  /** Secret reference of the account's TOTP secret. */
  readonly totp?: string | null;
  /** The claims provider to choose on a home realm discovery page. */
  readonly realm?: string | null;
  /** How long the directory counts a wrong password; its default, 30, unless given. */
  readonly lockoutWindowMinutes?: number;
  readonly expect: { readonly user: string | null; readonly organization: string | null };
  /** null = recognise CRM's shell by its known hooks. */
  readonly signedInSelector: string | null;
  readonly api: boolean;
  readonly diagnosticTrust?: string | null;
  /** Absolute path of a PFX or PEM file, and the secret reference of its password. */
  readonly decryption?: { readonly keyFile: string; readonly secret: string | null } | null;
  readonly metadata: { readonly sts: string; readonly crm: string };
  /** True when `metadata.crm` is given, so no other address is tried. */
  readonly metadataCrmConfigured: boolean;
  /** Absolute path of a PEM file. */
  readonly caFile: string | null;
  readonly resolve: Readonly<Record<string, string>>;
  readonly dns: string | null;
  readonly nodes: Readonly<Record<string, readonly string[]>>;
  readonly rollover: { readonly generationDays: number; readonly promotionDays: number; readonly criticalDays: number; readonly automatic?: boolean };
  readonly warnDays: number;
  readonly deadlineMs: number;
  /** Local addresses that pages may use besides the configured ones. */
  readonly allowHosts?: readonly string[];
  /** `defaultVisitLimit` unless given. */
  readonly limits?: VisitLimit;
  /** The folder of the configuration file: last good states are kept beside it. */
  readonly configFolder: string;
}
