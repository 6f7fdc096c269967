import type { ObjectStore } from '@cartwright/platform-s3';
import { picturePrefix, uploadKey } from './upload-keys.ts';

/** Removes all that there is of an upload, also what a crash kept from being written down. */
export async function discardFiles(store: Pick<ObjectStore, 'remove' | 'list'>, id: string): Promise<void> {
  await store.remove(uploadKey(id));
  for await (const { key } of store.list(picturePrefix(id))) await store.remove(key);
}
