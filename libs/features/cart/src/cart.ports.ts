import type { VariantPrices } from '@cartwright/domain-pricing';
import type { Tx } from '@cartwright/platform-mongo';

/** A variant with what its product knows: all a cart line needs. Prices in minor units of `currency`. */
export interface CatalogVariant extends VariantPrices {
  readonly variantId: string;
  readonly productId: string;
  readonly sku: string;
  readonly title: string;
  readonly slug: string;
  readonly image: string | null;
  readonly options: Readonly<Record<string, string>>;
  readonly currency: string;
  readonly taxClass: string;
  /** The product's categories with all their ancestors. */
  readonly categoryIds: readonly string[];
  readonly brandId: string | null;
  /** Pieces that can be promised, as of a moment ago; placing an order reads the truth. */
  readonly available: number;
  /** Whether it is for sale at all; stock aside. */
  readonly purchasable: boolean;
}

/** What carts need of the catalog. Variants that don't exist are left out of the answer. */
export interface CatalogPort {
  variantsByIds(variantIds: readonly string[], tx?: Tx): Promise<readonly CatalogVariant[]>;
}

/** What carts need to know of the shop. */
export interface CartSettings {
  readonly currency: string;
  readonly taxMode: 'exclusive' | 'inclusive';
  /** How long a guest's cart is kept after its last change. */
  readonly guestCartSeconds: number;
  /** From how many pieces down a line is said to run low. */
  readonly lowStockThreshold: number;
}

/** Guests' tokens: 128 random bits, of which only the hash is stored. */
export interface CartTokens {
  create(): string;
  hash(token: string): string;
}
