import { createFeed, type FeedStreams } from '@cartwright/api-core';
import { defineOutsideHandler, type EventHandler, type PendingEvent } from '@cartwright/platform-outbox';
import { CATALOG_STREAM, type StreamEntry, type Streams } from '@cartwright/platform-streams';
import { z } from 'zod';
import { CHANGES_MAX, productsChanged, productsStored } from './catalog.events.ts';
import { productChangeSchema, type ProductChange } from './catalog.contracts.ts';
import { toProduct } from './product-mapping.ts';
import type { ProductRepository, VersionedDoc } from './product-repository.ts';
import type { ProductDoc } from './product.model.ts';

const CHANGE_ENTRY = 'product.changed';

/** Dates come back from a stream as text. */
const storedSchema = z.looseObject({ at: z.coerce.date() });

const read = ({ type, data }: StreamEntry): unknown =>
  type === CHANGE_ENTRY ? { ...storedSchema.parse(data), type } : undefined;

/** What a product looks like to shoppers now. Of one that isn't listed nothing but that is told. */
export function toChange(doc: ProductDoc, now: Date): ProductChange {
  const facts = { type: CHANGE_ENTRY, productId: doc._id, version: doc.version, at: now } as const;
  if (!doc.listed) return { ...facts, status: 'inactive', available: false, variants: [] };
  const { price, compareAt, available, variants } = toProduct(doc, now);
  return {
    ...facts,
    status: 'active',
    price,
    ...(compareAt === undefined ? {} : { compareAt }),
    available,
    variants: variants.map(({ id, price: full, salePrice, available: pieces }) => ({
      id,
      price: full,
      ...(salePrice === undefined ? {} : { salePrice }),
      available: pieces,
    })),
  };
}

/** Telling shoppers that look at products what changed about them. */
export function createProductChanges({
  products,
  streams,
  clock,
}: {
  products: Pick<ProductRepository, 'byIdsWhatever' | 'byVariantIds'>;
  streams: FeedStreams & Pick<Streams, 'append'>;
  clock: () => Date;
}) {
  /** Appends the state of now, once per event and product; a repetition is dropped, whatever came of the first try. */
  async function announce(docs: readonly ProductDoc[], eventId: string): Promise<void> {
    for (const doc of docs) {
      const { type, ...data } = toChange(doc, clock());
      await streams.append(CATALOG_STREAM, { id: `${eventId}/${doc._id}`, type, topic: doc._id, data });
    }
  }

  const handlers: EventHandler[] = [
    defineOutsideHandler({
      name: 'catalog.publish-changes',
      event: productsChanged,
      handle: async ({ id, payload }) => announce(await products.byIdsWhatever(payload.productIds), id),
    }),
  ];

  return {
    handlers,
    feed: createFeed({ streams, schema: productChangeSchema, read }),
    /** Tells of the products of variants, on account of an event. */
    announceVariants: async (variantIds: readonly string[], eventId: string): Promise<void> =>
      announce(await products.byVariantIds(variantIds), eventId),
  };
}

export type ProductChanges = ReturnType<typeof createProductChanges>;

type ProductEvent = typeof productsChanged | typeof productsStored;

/** The events that tell of products whose looks to shoppers changed. */
export const changeEvents = (docs: readonly VersionedDoc[], now: Date) => eventsOf(productsChanged, docs, now);

/** The events that tell of products that were written otherwise: whoever writes products appends these or the others. */
export const storedEvents = (docs: readonly VersionedDoc[], now: Date) => eventsOf(productsStored, docs, now);

function eventsOf<Event extends ProductEvent>(
  event: Event,
  docs: readonly VersionedDoc[],
  now: Date,
): PendingEvent<ProductEvent>[] {
  const events: PendingEvent<ProductEvent>[] = [];
  for (let start = 0; start < docs.length; start += CHANGES_MAX) {
    const some = docs.slice(start, start + CHANGES_MAX);
    const [first] = some;
    if (!first) break;
    events.push({
      event,
      aggregateId: first._id,
      aggregateVersion: first.version,
      payload: { productIds: some.map(({ _id }) => _id) },
      occurredAt: now,
    });
  }
  return events;
}

/** Whether shoppers see a difference between two states of a product. */
export function looksDifferent(before: ProductDoc, after: ProductDoc): boolean {
  const visible = ({ listed, currency, priceFrom, compareAtFrom, available, variants }: ProductDoc) =>
    JSON.stringify([
      listed,
      currency,
      priceFrom,
      compareAtFrom,
      available,
      variants.map((variant) => [variant.id, variant.price, variant.salePrice, variant.saleFrom, variant.saleUntil]),
    ]);
  return visible(before) !== visible(after);
}
