import type { Tx } from '@cartwright/platform-mongo';
import type { CartFilling } from './filled-cart-repository.ts';
import type { RefundDoc } from './refund.model.ts';
import type { SaleDoc } from './sale.model.ts';

/** What analytics needs of orders: an order as a sale, by id; null while nothing was captured. */
export interface CapturedOrdersPort {
  saleOf(orderId: string, tx?: Tx): Promise<SaleDoc | null>;
  /** Refunds of its payment that went through; those of payments it had no need of were never captured for it. */
  refundsOf(orderId: string, tx?: Tx): Promise<RefundDoc[]>;
}

/** Something that a cart tells until it is told to forget it. */
export interface UntoldFillings {
  readonly cartId: string;
  readonly news: readonly CartFilling[];
}

/** What analytics needs of carts: which of them got their first item. */
export interface FilledCartsPort {
  fillings(limit: number): Promise<readonly UntoldFillings[]>;
  forgetFillings(told: readonly UntoldFillings[]): Promise<void>;
}

/** What analytics needs of the stock. */
export interface StockPort {
  /**
   * Variants of which no more than the threshold can be sold, `limit` at most, in the order of `listedBy` and `variantId`,
   * from the one after those on.
   */
  lowest(
    threshold: number,
    limit: number,
    after?: { available: number; variantId: string },
  ): Promise<
    readonly {
      variantId: string;
      productId: string;
      onHand: number;
      reserved: number;
      available: number;
      listedBy: number;
    }[]
  >;
}

/** A variant that is in the catalog. */
export interface ListedVariant {
  readonly variantId: string;
  readonly productId: string;
  readonly sku: string;
  readonly title: string;
  readonly slug: string;
  readonly image: string | null;
  readonly options: Readonly<Record<string, string>>;
}

/** What analytics needs of the catalog. */
export interface ProductsPort {
  /** Variants of products that are listed; all others are left out. */
  listedVariants(variantIds: readonly string[]): Promise<readonly ListedVariant[]>;
  /** The best liked of those listed, by their Bayesian average; asked often, it should not look at all products each time. */
  highestRated(limit: number): Promise<
    readonly {
      productId: string;
      title: string;
      slug: string;
      image: string | null;
      rating: { average: number; count: number };
    }[]
  >;
}
