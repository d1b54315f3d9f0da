import type { Exchange } from '../../contracts/evidence';
import { excerpt } from './wording';

/** A failure of the server's own that an answer names: the type of a .NET exception, which no language pack translates. */
export interface ServerFailure {
  readonly exchange: Exchange;
  /** As the beginning of a sentence. */
  readonly what: string;
  /** The type and what stands behind it, at most 160 characters. */
  readonly said: string;
}

const exceptionType = /\b(?:[A-Z]\w*\.)*[A-Z]\w*Exception\b/g;
/** Whatever an exception of a token check, of keys or of sign-in is called; beside one of those the others are only its surroundings. */
const aboutTheToken = /IdentityModel|IdentityServer|Security|Saml|Cryptograph|Authentication|Federat|Claims/i;
/** Database, network, files, assemblies, configuration, memory, slips in code: they say nothing about a token; its check names itself. */
const ofTheServer =
  /^System\.(?:Data|Net|IO|Configuration|ServiceModel)\.|(?:^|\.)(?:Sql|UnauthorizedAccess|HttpRequestValidation|Http|HttpCompile|HttpParse|OutOfMemory|Timeout|Socket|FileLoad|FileNotFound|TypeLoad|ConfigurationErrors|EndpointNotFound|NullReference|IndexOutOfRange|KeyNotFound|InvalidCast|MissingMethod|ObjectDisposed|StackOverflow)Exception$/;

/**
 * What IIS and ASP.NET say in every language: a status with its sub-status (401.3, 500.19), the file of their settings, the part of the request they refused.
 * None of them has looked at the token.
 */
const ofThePlatform: readonly { readonly token: RegExp; readonly what: string }[] = [
  { token: /\bRequest\.Form\b/, what: "ASP.NET's request validation refused the form before the token was read" },
  { token: /\b(?:401|403|404|405|413|500|502|503)\.\d{1,2}\b(?!\.\d)/, what: 'IIS itself refused the request, by its sub-status' },
  { token: /\bweb\.config\b|\bmachine\.config\b/i, what: 'ASP.NET could not read its settings' },
  { token: /\bmaxRequestLength\b|\bmaxAllowedContentLength\b|maximum request length exceeded/i, what: 'the form was too long for ASP.NET' },
];

/** The first answer that names a failure of the server's own and none of the token. */
export function serverFailure(exchanges: readonly Exchange[]): ServerFailure | null {
  for (const exchange of exchanges) {
    const text = [exchange.crmError?.text, exchange.document?.title, exchange.document?.text].filter(Boolean).join(' ');
    const types = text.match(exceptionType) ?? [];
    const own = types.find((type) => ofTheServer.test(type));
    const aboutIt = types.some((type) => aboutTheToken.test(type)) || /IssuerNameRegistry|\bID\d{4}\b/.test(text);
    if (aboutIt) continue;
    const platform = (exchange.status ?? 0) >= 400 ? ofThePlatform.find(({ token }) => token.test(text)) : undefined;
    if (platform) return { exchange, what: platform.what, said: excerpt(text.slice(Math.max(0, text.search(platform.token) - 40))) };
    if (own !== undefined) return { exchange, what: 'the relying party names a failure of its own', said: excerpt(text.slice(text.indexOf(own))) };
  }
  return null;
}
