import { describe, expect, it } from 'vitest';
import { createLowStock } from './low-stock.ts';

/** Stock of so many variants, listed by a number that may differ from what can be sold; only some are in the catalog. */
function setUp(count: number, { isListed, drift = 0 }: { isListed: (index: number) => boolean; drift?: number }) {
  const all = Array.from({ length: count }, (_, index) => ({
    ...{
      variantId: `v${String(index).padStart(5, '0')}`,
      productId: 'p',
      onHand: 3,
      reserved: 0,
      available: 3 - drift,
    },
    listedBy: 3,
    index,
  }));
  let looks = 0;
  const lowStock = createLowStock({
    stock: {
      async lowest(_threshold, limit, after) {
        looks += 1;
        // A list that never moves on would be read for ever.
        if (looks > 100) throw new Error('Too many looks');
        const rest = all.filter(
          ({ listedBy, variantId }) =>
            !after || listedBy > after.available || (listedBy === after.available && variantId > after.variantId),
        );
        return rest.slice(0, limit);
      },
    },
    products: {
      listedVariants: async (ids) =>
        all
          .filter(({ variantId, index }) => ids.includes(variantId) && isListed(index))
          .map(({ variantId, productId }) => ({
            ...{ variantId, productId, sku: variantId, title: 'T', slug: 't', image: null, options: {} },
          })),
    },
  });
  return { lowStock, looks: () => looks };
}

describe('what runs low', () => {
  it('is given up looking for after a while, and gone on with from there', async () => {
    const { lowStock, looks } = setUp(4_500, { isListed: (index) => index === 4_321 });
    const first = await lowStock({ threshold: 5, limit: 8 });
    expect(first.items).toEqual([]);
    expect(looks()).toBe(10);
    const seen: string[] = [];
    for (let cursor = first.nextCursor; cursor !== null;) {
      const page = await lowStock({ threshold: 5, limit: 8, cursor });
      seen.push(...page.items.map(({ variantId }) => variantId));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['v04321']);
  });

  it('is paged through, each once, by what the stock lists it by', async () => {
    const { lowStock } = setUp(450, { isListed: (index) => index % 20 === 0, drift: 2 });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof lowStock>> = await lowStock({
        ...{ threshold: 5, limit: 5 },
        ...(cursor === null ? {} : { cursor }),
      });
      expect(page.items.every(({ available }) => available === 1)).toBe(true);
      seen.push(...page.items.map(({ variantId }) => variantId));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toHaveLength(23);
    expect(new Set(seen).size).toBe(23);
  });
});
