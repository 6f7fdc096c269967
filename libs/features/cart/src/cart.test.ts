import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MAXIMUM_LINES,
  MAXIMUM_QUANTITY,
  addItem,
  clearCart,
  mergeLines,
  putItem,
  removeItem,
  type Cart,
} from './cart.ts';

const empty: Cart = { id: 'c', version: 3, owner: { userId: 'u' }, lines: [] };
const item = (variantId: string, quantity: number) => ({ variantId, quantity, unitPrice: 100 });
const fill = (items: Record<string, number>): Cart =>
  Object.entries(items).reduce((cart, [id, quantity]) => addItem(cart, item(id, quantity), `l-${id}`), empty);
const quantities = (cart: Cart) => Object.fromEntries(cart.lines.map((line) => [line.variantId, line.quantity]));

describe('cart lines', () => {
  it('adds to the line of a variant, keeping its id, and takes the price of now', () => {
    const cart = addItem(fill({ a: 2 }), { ...item('a', 3), unitPrice: 90 }, 'other');
    expect(cart.lines).toEqual([{ lineId: 'l-a', variantId: 'a', quantity: 5, seenUnitPrice: 90 }]);
  });

  it('sets, removes and clears', () => {
    expect(quantities(putItem(fill({ a: 2 }), item('a', 7), 'x'))).toEqual({ a: 7 });
    expect(quantities(removeItem(fill({ a: 2, b: 1 }), 'a'))).toEqual({ b: 1 });
    expect(clearCart({ ...fill({ a: 1 }), couponCode: 'X' })).toEqual({ ...empty, couponCode: undefined });
  });

  it('is the same cart when nothing is removed', () => {
    const cart = fill({ a: 1 });
    expect(removeItem(cart, 'b')).toBe(cart);
  });

  it.each([0, -1, 1.5, NaN, Infinity, 1_000, 2 ** 53])('refuses a quantity of %s', (quantity) => {
    expect(() => putItem(empty, item('a', quantity), 'l')).toThrowError('QUANTITY_LIMIT');
  });

  it('refuses more than fits on a line or in a cart', () => {
    expect(() => addItem(fill({ a: MAXIMUM_QUANTITY }), item('a', 1), 'l')).toThrowError('QUANTITY_LIMIT');
    const full = fill(Object.fromEntries(Array.from({ length: MAXIMUM_LINES }, (_, index) => [`v${index}`, 1])));
    expect(() => addItem(full, item('another', 1), 'l')).toThrowError('CART_FULL');
    expect(addItem(full, item('v0', 1), 'l').lines.length).toBe(MAXIMUM_LINES);
  });
});

describe('mergeLines', () => {
  const always = () => Infinity;

  it('takes the larger quantity', () => {
    expect(quantities(mergeLines(fill({ a: 2, b: 5 }), fill({ a: 4, b: 1, c: 3 }), always))).toEqual({
      a: 4,
      b: 5,
      c: 3,
    });
  });

  it('caps by stock, but never takes away what the cart held', () => {
    const stock: Record<string, number> = { a: 3, b: 1, c: 0 };
    const merged = mergeLines(fill({ b: 4 }), fill({ a: 9, b: 9, c: 9 }), (id) => stock[id] ?? 0);
    expect(quantities(merged)).toEqual({ b: 4, a: 3 });
  });

  it('keeps the own coupon, else takes the other', () => {
    expect(mergeLines(empty, { lines: [], couponCode: 'GUEST' }, always).couponCode).toBe('GUEST');
    expect(mergeLines({ ...empty, couponCode: 'MINE' }, { lines: [], couponCode: 'GUEST' }, always).couponCode).toBe(
      'MINE',
    );
  });

  it('is idempotent and stays within the limits', () => {
    const items = fc.dictionary(
      fc.constantFrom(...Array.from({ length: 80 }, (_, index) => `v${index}`)),
      fc.integer({ min: 1, max: 999 }),
      { maxKeys: 50 },
    );
    fc.assert(
      fc.property(items, items, fc.nat(1_200), (own, guests, stock) => {
        const once = mergeLines(fill(own), fill(guests), () => stock);
        expect(mergeLines(once, fill(guests), () => stock)).toEqual(once);
        expect(once.lines.length).toBeLessThanOrEqual(MAXIMUM_LINES);
        for (const line of once.lines) expect(line.quantity).toBeLessThanOrEqual(MAXIMUM_QUANTITY);
      }),
    );
  });
});
