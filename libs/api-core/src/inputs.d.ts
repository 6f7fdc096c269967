import { z } from 'zod';
import type { RequestContext } from './context.sealed.ts';
/** A client's name for one intent: 16 to 128 printable ASCII characters, no spaces. */
export declare const idempotencyKeySchema: z.ZodString;
/** Adds the optional input field `idempotencyKey`. The key may come in a header instead: read it with `idempotencyKeyOf`. */
export declare const withIdempotencyKey: <Shape extends z.core.$ZodLooseShape>(
  schema: z.ZodObject<Shape, z.core.$strict>,
) => z.ZodObject<
  (
    keyof Shape & 'idempotencyKey' extends never
      ? Shape & {
          idempotencyKey: z.ZodOptional<z.ZodString>;
        }
      : { [K in keyof Shape as K extends 'idempotencyKey' ? never : K]: Shape[K] } & {
          idempotencyKey: z.ZodOptional<z.ZodString>;
        }
  ) extends infer T
    ? { [k in keyof T]: T[k] }
    : never,
  z.core.$strict
>;
/**
 * The call's idempotency key: the input field, else the header. Throws INVALID_INPUT for a malformed header.
 */
export declare const idempotencyKeyOf: (
  ctx: Pick<RequestContext, 'idempotencyKeyHeader'>,
  input: {
    idempotencyKey?: string | undefined;
  },
) => string | undefined;
/** As `idempotencyKeyOf`, for procedures that need one: IDEMPOTENCY_KEY_REQUIRED when there is none. */
export declare const requiredIdempotencyKeyOf: (
  ctx: Pick<RequestContext, 'idempotencyKeyHeader'>,
  input: {
    idempotencyKey?: string | undefined;
  },
) => string;
/** Adds `lastEventId` to a subscription's input: where it goes on after a lost connection. tRPC fills it in. */
export declare const resumable: <Shape extends z.core.$ZodLooseShape>(
  schema: z.ZodObject<Shape, z.core.$strict>,
) => z.ZodObject<
  (
    keyof Shape & 'lastEventId' extends never
      ? Shape & {
          lastEventId: z.ZodOptional<z.ZodString>;
        }
      : { [K in keyof Shape as K extends 'lastEventId' ? never : K]: Shape[K] } & {
          lastEventId: z.ZodOptional<z.ZodString>;
        }
  ) extends infer T
    ? { [k in keyof T]: T[k] }
    : never,
  z.core.$strict
>;
