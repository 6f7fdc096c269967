import { DomainError } from '@cartwright/domain-errors';
import { duplicateValueOf } from '@cartwright/platform-mongo';

/** What a violation of the index over slugs amounts to: SLUG_TAKEN, with the slug. */
export function slugTaken(cause: unknown): DomainError<'SLUG_TAKEN'> {
  const slug = duplicateValueOf(cause);
  return new DomainError('SLUG_TAKEN', slug === undefined ? undefined : { slug }, { cause });
}

/** And of that over SKUs: SKU_TAKEN, with the SKU. */
export function skuTaken(cause: unknown): DomainError<'SKU_TAKEN'> {
  const sku = duplicateValueOf(cause);
  return new DomainError('SKU_TAKEN', sku === undefined ? undefined : { sku }, { cause });
}
