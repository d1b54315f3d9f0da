/** `web:` of the configuration: where the page of `watch` listens, and who may look and act (docs/web.md). */
import { z } from 'zod';
import { secretReferencePattern } from './secret-reference';

/** `viewer` looks; `operator` also runs now, silences and acknowledges. */
export const webRoleSchema = z.enum(['viewer', 'operator']);
export type WebRole = z.infer<typeof webRoleSchema>;

/** An https address without path; plain http only for the loopback host itself. */
const originAddress = (what: string) =>
  z.string().superRefine((value, ctx) => {
    const url = URL.canParse(value) ? new URL(value) : null;
    const loopback = url !== null && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
    if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback)) || url.username !== '' || url.search !== '' || url.hash !== '')
      ctx.addIssue({ code: 'custom', message: `expected ${what}, found "${value}"` });
  });

export const webConfigSchema = z.strictObject({
  /** Address and port (default 127.0.0.1:26868). Another address than loopback needs TLS or `behindProxy`, and `signIn`. */
  listen: z
    .string()
    .regex(/^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:]+\]|localhost):\d{1,5}$/, 'expected an IP address and a port such as 127.0.0.1:26868 or 0.0.0.0:8443')
    .optional(),
  /** The address people type, e.g. https://signin-probe.contoso.com; requests for another name are refused. */
  baseUrl: originAddress('an https address without a path, such as https://signin-probe.contoso.com')
    .refine((value) => !URL.canParse(value) || new URL(value).pathname === '/', 'expected an address without a path, such as https://signin-probe.contoso.com')
    .optional(),
  /** PEM files, relative to the configuration: the certificate with its chain, and its private key. */
  tls: z.strictObject({ cert: z.string().min(1), key: z.string().min(1) }).optional(),
  /** A reverse proxy in front speaks TLS; its X-Forwarded-For tells who asks. */
  behindProxy: z.boolean().optional(),
  /** What people on this machine may do without signing in, while it listens on loopback only and has no `signIn` (default viewer). */
  local: webRoleSchema.optional(),
  signIn: z
    .strictObject({
      /** File of users, made with `signin-probe web user NAME --role viewer`; relative to the configuration. */
      passwords: z.string().min(1).optional(),
      /** OpenID Connect: authorization code flow with PKCE. */
      oidc: z
        .strictObject({
          issuer: originAddress('the https address of the OpenID provider'),
          clientId: z.string().min(1),
          clientSecret: z.string().regex(secretReferencePattern, 'expected a secret reference (env:NAME, file:PATH, …), never the secret itself').optional(),
          /** Default: openid profile. */
          scopes: z.string().min(1).optional(),
          /** Claim of the ID token that holds a person's roles or groups; a dot leads into an object (default roles). */
          rolesClaim: z.string().min(1).optional(),
          /** Values of that claim that make a person operator or viewer; nobody else gets in. */
          operators: z.array(z.string().min(1)).min(1),
          viewers: z.array(z.string().min(1)).optional(),
        })
        .optional(),
      /** A session ends after so many minutes without a request by a person (default 60) … */
      idleMinutes: z.number().positive().optional(),
      /** … and in any case so many hours after signing in (default 12). */
      maxHours: z.number().positive().optional(),
      /** For viewers instead of `maxHours`: a wall screen stays signed in as long as its page is open, at most so many hours. */
      viewerMaxHours: z.number().positive().optional(),
    })
    .refine((signIn) => signIn.passwords !== undefined || signIn.oidc !== undefined, 'expected `passwords` (a file of users) or `oidc`')
    .optional(),
});
export type WebConfig = z.infer<typeof webConfigSchema>;
