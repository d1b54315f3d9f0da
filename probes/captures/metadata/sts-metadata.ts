import type { FetchContext } from './fetch-document';
import { fetchMetadata, type MetadataCapture } from './fetch-metadata';

/** AD FS's federation metadata (field guide §5.1): its signer is the primary token-signing certificate. Never throws. */
export async function captureStsMetadata(context: FetchContext): Promise<MetadataCapture> {
  return fetchMetadata(context.target.metadata.sts, context);
}
