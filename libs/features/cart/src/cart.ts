import { DomainError } from '@cartwright/domain-errors';

/** A line as the buyer put it in. Prices are looked up with each reading; the one seen then tells of changes. */
export interface CartLine {
  readonly lineId: string;
  readonly variantId: string;
  readonly quantity: number;
  /** What a piece cost when the line was last changed, in minor units. */
  readonly seenUnitPrice: number;
}

/** A cart of a user or of a guest, who is known by a token of which only the hash is kept. */
export interface Cart {
  readonly id: string;
  /** Counts up with every change; saved only over the version that was read. */
  readonly version: number;
  readonly owner: CartOwner;
  readonly lines: readonly CartLine[];
  readonly couponCode?: string | undefined;
}

export type CartOwner = { readonly userId: string } | { readonly tokenHash: string };

/** What a variant adds to a cart with. */
export interface CartItem {
  readonly variantId: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

export const MAXIMUM_LINES = 50;
export const MAXIMUM_QUANTITY = 999;

/** Adds to the line of the variant, or a new line. Throws QUANTITY_LIMIT or CART_FULL. */
export function addItem(cart: Cart, item: CartItem, newLineId: string): Cart {
  const line = cart.lines.find((candidate) => candidate.variantId === item.variantId);
  return putItem(cart, { ...item, quantity: (line?.quantity ?? 0) + item.quantity }, newLineId);
}

/** Sets the quantity of the variant's line, which is made when there is none. Throws QUANTITY_LIMIT or CART_FULL. */
export function putItem(cart: Cart, item: CartItem, newLineId: string): Cart {
  const { variantId, quantity, unitPrice: seenUnitPrice } = item;
  if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > MAXIMUM_QUANTITY) {
    throw new DomainError('QUANTITY_LIMIT', { minimum: 1, maximum: MAXIMUM_QUANTITY });
  }
  if (cart.lines.some((line) => line.variantId === variantId)) {
    const lines = cart.lines.map((line) =>
      line.variantId === variantId ? { ...line, quantity, seenUnitPrice } : line,
    );
    return { ...cart, lines };
  }
  if (cart.lines.length >= MAXIMUM_LINES) throw new DomainError('CART_FULL', { maximum: MAXIMUM_LINES });
  return { ...cart, lines: [...cart.lines, { lineId: newLineId, variantId, quantity, seenUnitPrice }] };
}

/** Removes the variant's line; nothing happens when there is none. */
export function removeItem(cart: Cart, variantId: string): Cart {
  const lines = cart.lines.filter((line) => line.variantId !== variantId);
  return lines.length === cart.lines.length ? cart : { ...cart, lines };
}

/** Empties the cart and forgets its coupon. */
export function clearCart(cart: Cart): Cart {
  return { ...cart, lines: [], couponCode: undefined };
}

/**
 * The cart with lines of another one taken in: of each variant the larger quantity, capped by what is available now but
 * never below what the cart held already; its coupon unless the cart has one. Lines beyond the limit are left out. Doing it twice changes nothing more.
 */
export function mergeLines(
  cart: Cart,
  from: Pick<Cart, 'lines' | 'couponCode'>,
  availableOf: (variantId: string) => number,
): Cart {
  let merged: Cart = { ...cart, couponCode: cart.couponCode ?? from.couponCode };
  for (const line of from.lines) {
    const existing = merged.lines.find((candidate) => candidate.variantId === line.variantId);
    const held = existing?.quantity ?? 0;
    const quantity = Math.max(held, Math.min(line.quantity, availableOf(line.variantId), MAXIMUM_QUANTITY));
    if (quantity === held || (!existing && merged.lines.length >= MAXIMUM_LINES)) continue;
    const unitPrice = existing?.seenUnitPrice ?? line.seenUnitPrice;
    merged = putItem(merged, { variantId: line.variantId, quantity, unitPrice }, line.lineId);
  }
  return merged;
}
