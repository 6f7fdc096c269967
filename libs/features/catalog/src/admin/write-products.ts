import { isDuplicateKeyError, type Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { skuTaken, slugTaken } from '../label-taken.ts';
import { changeEvents } from '../product-changes.ts';
import type { ProductDoc } from '../product.model.ts';
import type { ProductAdminRepository } from './product-admin-repository.ts';

/** Writing whole products: counted up and told of, so that shoppers, carts and the search know. */
export function createProductWriter({
  products,
  outbox,
  clock,
}: {
  products: Pick<ProductAdminRepository, 'insert' | 'replace'>;
  outbox: Pick<Outbox, 'append'>;
  clock: () => Date;
}) {
  const counted = (doc: ProductDoc, now: Date): ProductDoc => ({ ...doc, version: doc.version + 1, updatedAt: now });
  return {
    /** Writes products read in the same transaction. Answers them as they are now. */
    async replace(docs: readonly ProductDoc[], tx: Tx): Promise<ProductDoc[]> {
      const now = clock();
      const written = docs.map((doc) => counted(doc, now));
      await products.replace(written, tx);
      await outbox.append(tx, changeEvents(written, now));
      return written;
    },
    /** Writes a product that is new. */
    async insert(doc: ProductDoc, tx: Tx): Promise<ProductDoc> {
      const now = clock();
      const written = counted(doc, now);
      await products.insert(written, tx);
      await outbox.append(tx, changeEvents([written], now));
      return written;
    },
  };
}

export type ProductWriter = ReturnType<typeof createProductWriter>;

/** A slug or SKU that another product has is told as that, by name: SLUG_TAKEN, SKU_TAKEN. */
export async function orLabelTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isDuplicateKeyError(error, 'slug_1')) throw slugTaken(error);
    if (isDuplicateKeyError(error)) throw skuTaken(error);
    throw error;
  }
}
