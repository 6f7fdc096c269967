import { isCartwrightError } from '@cartwright/sdk';
import { createTestShop } from '@cartwright/testapp';
import { describe, expect, it } from 'vitest';

const BUYERS = 200;
const STOCK = 50;

describe('200 buyers racing for 50 pieces over two API processes', () => {
  it('sells exactly 50 and tells the others that nothing is left', { timeout: 240_000 }, async () => {
    await using shop = await createTestShop({ apis: 2, products: [{ slug: 'drop', stock: STOCK, price: 2_500 }] });
    const buyers = await Promise.all(
      Array.from({ length: BUYERS }, async (_, index) => {
        const buyer = await shop.customer(shop.apis[index % 2]);
        return buyer;
      }),
    );
    const outcomes = await Promise.allSettled(
      buyers.map((buyer) => shop.order(buyer, { slug: 'drop', paymentMethod: 'cash_on_delivery' })),
    );
    const sold = outcomes.filter(({ status }) => status === 'fulfilled');
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    const reasons = new Set(refusals.map((error) => (isCartwrightError(error) ? error.reason : String(error))));

    expect([...reasons].filter((reason) => reason !== 'OUT_OF_STOCK')).toEqual([]);
    expect(sold).toHaveLength(STOCK);
    const variantId = shop.variants.get('drop') ?? '';
    const level = (await shop.inside.services.inventory.levels([variantId])).get(variantId);
    expect(level).toMatchObject({ onHand: STOCK, reserved: STOCK, available: 0 });
  });
});
