import type { TrackedEnvelope } from '@trpc/server';
import type { z } from 'zod';
/** One item of a subscription: `id` is the place to resume after it. */
export type StreamEvent<Data> = {
  id: string;
  data: Data;
};
/**
 * The output of a subscription: checks each item by the schema when it is yielded, and tracks its id, so that clients
 * resume: `.subscription(({ input, signal }) => streamOf(orderEvent)(orders.follow(input, signal)))`.
 */
export declare const streamOf: <Schema extends z.ZodType>(
  schema: Schema,
) => (
  source: AsyncIterable<StreamEvent<z.input<Schema>>>,
) => AsyncGenerator<TrackedEnvelope<z.output<Schema>>, void, undefined>;
