import { decodeCursor, encodeCursor } from '@cartwright/platform-mongo';
import { z } from 'zod';
import type { LowStockDto, LowStockInput } from './analytics.contracts.ts';
import type { ProductsPort, StockPort } from './analytics.ports.ts';

const markSchema = z.strictObject({ available: z.number().int(), variantId: z.string().max(64) });
type Mark = z.infer<typeof markSchema>;

/** How many levels are looked at in one go: some are of products that are not listed any more. */
const BATCH = 200;
/** For one answer it is looked so often; what is found by then is a page. */
const BATCHES_MAX = 10;

/** What runs low, as the stock itself says; the catalog says of which products that matters. */
export function createLowStock({
  stock,
  products,
}: {
  stock: StockPort;
  products: Pick<ProductsPort, 'listedVariants'>;
}) {
  /** Fewest first; a page may have fewer than `limit` though others follow. Throws CURSOR_INVALID. */
  return async ({ threshold, limit, cursor }: LowStockInput): Promise<LowStockDto> => {
    const items: LowStockDto['items'] = [];
    let mark: Mark | undefined = cursor === undefined ? undefined : decodeCursor(cursor, markSchema);
    for (let batches = 0; batches < BATCHES_MAX; batches += 1) {
      const levels = await stock.lowest(threshold, BATCH, mark);
      const listed = new Map(
        (await products.listedVariants(levels.map(({ variantId }) => variantId))).map((one) => [one.variantId, one]),
      );
      for (const { variantId, onHand, reserved, available, listedBy } of levels) {
        const variant = listed.get(variantId);
        // One more than is asked for tells that there are more.
        if (variant && items.length === limit) return { items, nextCursor: mark ? encodeCursor(mark) : null };
        if (variant) items.push({ ...variant, options: { ...variant.options }, onHand, reserved, available });
        mark = { available: listedBy, variantId };
      }
      if (levels.length < BATCH) return { items, nextCursor: null };
    }
    return { items, nextCursor: mark ? encodeCursor(mark) : null };
  };
}
