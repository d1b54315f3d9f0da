import type { Exchange } from '../../contracts/evidence';
import { excerpt } from './wording';

/** A failure of the server's own that an answer names: the type of a .NET exception, which no language pack translates. */
export interface ServerFailure {
  readonly exchange: Exchange;
  /** The type and what stands behind it, at most 160 characters. */
  readonly said: string;
}

const exceptionType = /\b(?:[A-Z]\w*\.)*[A-Z]\w*Exception\b/g;
/** Whatever an exception of a token check, of keys or of sign-in is called; beside one of those the others are only its surroundings. */
const aboutTheToken = /IdentityModel|IdentityServer|Security|Saml|Cryptograph|Authentication|Federat|Claims/i;
/** Database, network, files, assemblies, configuration, memory, slips in code: they say nothing about a token; its check names itself. */
const ofTheServer =
  /^System\.(?:Data|Net|IO|Configuration|ServiceModel)\.|(?:^|\.)(?:Sql|OutOfMemory|Timeout|Socket|FileLoad|FileNotFound|TypeLoad|ConfigurationErrors|EndpointNotFound|NullReference|IndexOutOfRange|KeyNotFound|InvalidCast|MissingMethod|ObjectDisposed|StackOverflow)Exception$/;

/** The first answer that names a failure of the server's own and none of the token. */
export function serverFailure(exchanges: readonly Exchange[]): ServerFailure | null {
  for (const exchange of exchanges) {
    const text = [exchange.crmError?.text, exchange.document?.title, exchange.document?.text].filter(Boolean).join(' ');
    const types = text.match(exceptionType) ?? [];
    const own = types.find((type) => ofTheServer.test(type));
    if (own !== undefined && !types.some((type) => aboutTheToken.test(type))) return { exchange, said: excerpt(text.slice(text.indexOf(own))) };
  }
  return null;
}
