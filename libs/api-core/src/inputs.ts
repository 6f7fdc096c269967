import { z } from 'zod';
import { DomainError } from '@cartwright/domain-errors';
import type { RequestContext } from './context.sealed.ts';

/** A client's name for one intent: 16 to 128 printable ASCII characters, no spaces. */
export const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{16,128}$/, 'Must be 16 to 128 printable characters');

/**
 * Adds the optional input field `idempotencyKey`; the key may come in a header instead. For procedures that use
 * `required` or `optional` of `createIdempotency`, which read it and hand the input on without it.
 */
export const withIdempotency = <Shape extends z.core.$ZodLooseShape>(schema: z.ZodObject<Shape, z.core.$strict>) =>
  schema.extend({ idempotencyKey: idempotencyKeySchema.optional() });

/** The call's idempotency key: the input field, else the header. Throws INVALID_INPUT for a malformed header. */
export const idempotencyKeyOf = (
  ctx: Pick<RequestContext, 'idempotencyKeyHeader'>,
  input: { idempotencyKey?: string | undefined },
): string | undefined => {
  if (input.idempotencyKey !== undefined) return input.idempotencyKey;
  if (ctx.idempotencyKeyHeader === undefined) return undefined;
  const parsed = idempotencyKeySchema.safeParse(ctx.idempotencyKeyHeader);
  if (!parsed.success) {
    throw new DomainError('INVALID_INPUT', { fields: { idempotencyKey: ['Must be 16 to 128 printable characters'] } });
  }
  return parsed.data;
};

/** Adds `lastEventId` to a subscription's input: where it goes on after a lost connection. tRPC fills it in. */
export const resumable = <Shape extends z.core.$ZodLooseShape>(schema: z.ZodObject<Shape, z.core.$strict>) =>
  schema.extend({ lastEventId: z.string().max(64).optional() });
