import { DomainError } from '@cartwright/domain-errors';
import { mergeLinesByVariant } from '@cartwright/domain-stock';
import type { VariantQuantity } from '@cartwright/domain-stock';
import { toCouponLine, type Cart, type CartService, type ResolvedLines } from '@cartwright/feature-cart';
import type { CouponService } from '@cartwright/feature-coupons';
import type { InventoryService } from '@cartwright/feature-inventory';
import type { Tx } from '@cartwright/platform-mongo';
import { checkout, type Checkout, type CheckoutChoice, type CheckoutInput } from './checkout.ts';
import type { QuoteDto } from './orders.contracts.ts';
import type { ShopSettingsPort, ShopSettingsSource } from './orders.ports.ts';

/** Who is buying, as the request tells: a signed-in user, or a guest by the cart's token. */
export type Buyer = { readonly userId: string; readonly emailVerified: boolean } | GuestBuyer;

export interface GuestBuyer {
  readonly cartToken: string | undefined;
  /** In lower case. Needed for an order; in a quote it lets a coupon's limit per customer be looked at. */
  readonly email: string | undefined;
  /** The address the request came from. */
  readonly ip: string;
}

/** Whom a coupon counts: the user, or a guest's e-mail; users' ids are no addresses. */
export const customerOf = (buyer: Buyer): string | undefined => ('userId' in buyer ? buyer.userId : buyer.email);

interface Priced {
  readonly cart: Cart;
  readonly buyer: Buyer;
  readonly choice: CheckoutChoice;
  readonly settings: ShopSettingsPort;
}

/** Pricing carts for checkout: the quote, and the same calculation again inside the transaction that places the order. */
export function createQuotes({
  carts,
  coupons,
  stock,
  settings: source,
}: {
  carts: Pick<CartService, 'forCheckout' | 'resolve'>;
  coupons: Pick<CouponService, 'evaluate'>;
  stock: Pick<InventoryService, 'levels'>;
  settings: ShopSettingsSource;
}) {
  async function couponOf(
    { cart, buyer, settings: { currency } }: Priced,
    resolved: ResolvedLines,
    tx?: Tx,
  ): Promise<CheckoutInput['coupon']> {
    if (cart.couponCode === undefined) return undefined;
    const lines = resolved.lines.map(toCouponLine);
    const query = { code: cart.couponCode, lines, currency, customer: customerOf(buyer) };
    return { code: cart.couponCode, answer: await coupons.evaluate(query, tx) };
  }

  /** Prices a cart by the settings; with a transaction from its snapshot. Throws as `checkout` does. */
  async function price(priced: Priced, tx?: Tx) {
    const { cart, buyer, choice, settings } = priced;
    const resolved = await carts.resolve(cart, tx);
    const coupon = await couponOf(priced, resolved, tx);
    // Nobody has shown yet that a guest's address is theirs.
    const emailVerified = 'userId' in buyer && buyer.emailVerified;
    const checked: Checkout = checkout({
      cartId: cart.id,
      cartVersion: cart.version,
      resolved,
      coupon,
      choice,
      emailVerified,
      settings,
    });
    return { ...checked, coupon: coupon?.answer };
  }

  return {
    price,

    /**
     * The price of the buyer's cart for an address and methods. Throws CART_EMPTY, OUT_OF_STOCK with what is available,
     * VARIANT_UNAVAILABLE, SHIPPING_METHOD_UNAVAILABLE or PAYMENT_METHOD_UNAVAILABLE.
     */
    async quote(buyer: Buyer, choice: CheckoutChoice): Promise<QuoteDto> {
      const cart = await carts.forCheckout(buyer);
      if (!cart || cart.lines.length === 0) throw new DomainError('CART_EMPTY');
      const wanted = mergeLinesByVariant(cart.lines);
      const settings = await source.current();
      const [{ quote }, levels] = await Promise.all([
        price({ cart, buyer, choice, settings }),
        stock.levels(wanted.map((line) => line.variantId)),
      ]);
      requireStock(wanted, levels);
      return quote;
    },
  };
}

export type Quotes = ReturnType<typeof createQuotes>;

function requireStock(wanted: readonly VariantQuantity[], levels: ReadonlyMap<string, { available: number }>): void {
  const short = wanted
    .map(({ variantId, quantity }) => {
      return { variantId, requested: quantity, available: levels.get(variantId)?.available ?? 0 };
    })
    .filter((line) => line.available < line.requested);
  if (short.length > 0) throw new DomainError('OUT_OF_STOCK', { lines: short });
}
