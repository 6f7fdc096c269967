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
  /** Since when it is being filled; from the first item on, until it is ordered. */
  readonly filling?: Filling | undefined;
}

/** One time that a cart is filled: what is counted as a cart, whatever goes in and out of it until it is ordered. */
export interface Filling {
  readonly id: string;
  readonly since: Date;
}

/** What is to be told of a filling: that it began, or that it goes on in another cart that was being filled already. */
export interface FillingNews {
  readonly id: string;
  readonly at: Date;
  readonly kind: 'filled' | 'joined';
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

/** The cart with its filling begun, if this is its first item. */
export function beginFilling(cart: Cart, filling: Filling): { cart: Cart; news: FillingNews[] } {
  if (cart.lines.length === 0 || cart.filling) return { cart, news: [] };
  return { cart: { ...cart, filling }, news: [{ id: filling.id, at: filling.since, kind: 'filled' }] };
}

/** The cart with another one's filling gone into its own; it goes on as its own where it had none. */
export function joinFilling(cart: Cart, other: Filling | undefined): { cart: Cart; news: FillingNews[] } {
  if (!other) return { cart, news: [] };
  if (!cart.filling) return { cart: { ...cart, filling: other }, news: [] };
  return { cart, news: [{ id: other.id, at: other.since, kind: 'joined' }] };
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
