import type { Tx } from '@cartwright/platform-mongo';

/** What reviews need of the catalog. */
export interface ReviewedProductsPort {
  exists(productId: string): Promise<boolean>;
  idsBySlug(slugs: readonly string[]): Promise<Map<string, string>>;
  /** Moves the sums of a rating, and tells of the product: also by nothing, when its reviews read otherwise. */
  moveRating(productId: string, change: { sum: number; count: number }, tx: Tx): Promise<void>;
}

/** What reviews need of accounts: who wrote. */
export interface AuthorsPort {
  byId(userId: string): Promise<{ id: string; name: string; emailVerified: boolean } | null>;
  byEmails(emails: readonly string[]): Promise<Map<string, { id: string; name: string }>>;
}

/** What reviews need of orders: whether a customer has received a product. */
export interface PurchasesPort {
  hasReceived(userId: string, productId: string): Promise<boolean>;
}
