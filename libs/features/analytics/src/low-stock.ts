import { decodeCursor, encodeCursor } from '@cartwright/platform-mongo';
import { z } from 'zod';
import type { LowStockDto, LowStockInput } from './analytics.contracts.ts';
import type { ProductsPort, StockPort } from './analytics.ports.ts';

const markSchema = z.strictObject({ available: z.number().int(), variantId: z.string().max(64) });
type Mark = z.infer<typeof markSchema>;

/** How many levels are looked at in one go: some are of products that are not listed any more. */
const BATCH = 200;

/** What runs low, as the stock itself says; the catalog says of which products that matters. */
export function createLowStock({
  stock,
  products,
}: {
  stock: StockPort;
  products: Pick<ProductsPort, 'listedVariants'>;
}) {
  /** Fewest first. Throws CURSOR_INVALID. */
  return async ({ threshold, limit, cursor }: LowStockInput): Promise<LowStockDto> => {
    const items: LowStockDto['items'] = [];
    let mark: Mark | undefined = cursor === undefined ? undefined : decodeCursor(cursor, markSchema);
    for (;;) {
      const levels = await stock.lowest(threshold, BATCH, mark);
      const listed = new Map(
        (await products.listedVariants(levels.map(({ variantId }) => variantId))).map((one) => [one.variantId, one]),
      );
      for (const { variantId, onHand, reserved, available } of levels) {
        const variant = listed.get(variantId);
        if (!variant) continue;
        const last = items.at(-1);
        // One more than is asked for tells that there are more.
        if (items.length === limit && last) {
          return { items, nextCursor: encodeCursor({ available: last.available, variantId: last.variantId }) };
        }
        items.push({ ...variant, options: { ...variant.options }, onHand, reserved, available });
      }
      const end = levels.at(-1);
      if (levels.length < BATCH || !end) return { items, nextCursor: null };
      mark = { available: end.available, variantId: end.variantId };
    }
  };
}
