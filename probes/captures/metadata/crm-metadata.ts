import type { FetchContext } from './fetch-document';
import { fetchMetadata, type MetadataCapture } from './fetch-metadata';

/**
 * CRM's federation metadata (field guide §5.2). A configured address is the only one tried;
 * else the route's own host, then, for IFD, the `auth.` host beside it, where the documentation has it.
 * The first document that can be read counts, else the first failure. Never throws.
 */
export async function captureCrmMetadata(context: FetchContext): Promise<MetadataCapture> {
  const { target } = context;
  const first = await fetchMetadata(target.metadata.crm, context);
  if (first.metadata.ok || target.metadataCrmConfigured || target.route !== 'ifd') return first;
  const auth = new URL(target.metadata.crm);
  const labels = auth.hostname.split('.');
  if (labels.length < 3 || labels[0] === 'auth') return first;
  auth.hostname = ['auth', ...labels.slice(1)].join('.');
  const second = await fetchMetadata(auth.href, context);
  return second.metadata.ok ? second : first;
}
