import { isCartwrightError } from '@cartwright/sdk';
import { createTestShop } from '@cartwright/testapp';
import { describe, expect, it } from 'vitest';

/** CARTWRIGHT_TEST_BUYERS asks for the long form: so many buyers, a tenth as many pieces, and one more process. */
const WANTED = process.env['CARTWRIGHT_TEST_BUYERS'];
const BUYERS = Number(WANTED ?? 200);
const STOCK = WANTED === undefined ? 50 : Math.floor(BUYERS / 10);
const APIS = WANTED === undefined ? 2 : 3;
/** So many sign up at once: more would have to wait for the hashing of passwords, which refuses long queues. */
const SIGNING_UP = 40;

describe(`${BUYERS} buyers racing for ${STOCK} pieces over ${APIS} API processes`, () => {
  it('sells exactly these and tells the others that nothing is left', { timeout: 240_000 + BUYERS * 500 }, async () => {
    await using shop = await createTestShop({ apis: APIS, products: [{ slug: 'drop', stock: STOCK, price: 2_500 }] });
    const buyers: Awaited<ReturnType<typeof shop.customer>>[] = [];
    while (buyers.length < BUYERS) {
      const some = Array.from({ length: SIGNING_UP }, (_, index) => shop.customer(shop.apis[index % APIS]));
      buyers.push(...(await Promise.all(some)));
    }
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
