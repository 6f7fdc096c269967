import type { RouterOutputs } from '@cartwright/sdk';

type Upload = RouterOutputs['admin']['uploads']['list']['items'][number];

export const PURPOSE_WORDS: Record<Upload['purpose'], string> = {
  product_image: 'Picture of a product',
  catalog_import: 'List of products',
};

export const STATE_WORDS: Record<Upload['state'], string> = {
  presigned: 'Not arrived yet',
  uploaded: 'Waits to be checked',
  verifying: 'Being checked',
  ready: 'Ready',
  rejected: 'Refused',
  aborted: 'Given up',
};

/** A size in bytes as people say it: "840 kB", "3.2 MB". */
export function sizeWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
