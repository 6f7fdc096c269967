import { productsChanged, productsStored } from '@cartwright/feature-catalog';
import type { Logger } from '@cartwright/platform-logger';
import { defineOutsideHandler, type EventHandler } from '@cartwright/platform-outbox';
import type { Queues } from '@cartwright/platform-queue';
import { createSearchIndex, type SearchIndex } from './search-index.ts';
import { rebuildSearchJob } from './search.jobs.ts';
import type { SearchableProduct, SearchSourcePort } from './search.ports.ts';
import type { Redis } from '@cartwright/platform-redis';

const READ_BATCH = 250;
const ASKED_EVERY_MS = 2_000;

/** The index with what asks for it to be built when it isn't there. */
export function createAskingIndex({
  redis,
  queues,
  logger,
}: {
  redis: Pick<Redis, 'client' | 'key'>;
  queues: Pick<Queues, 'enqueue'>;
  logger: Pick<Logger, 'warn'>;
}): SearchIndex {
  let askedAt = Number.NEGATIVE_INFINITY;
  return createSearchIndex({
    redis,
    onAbsent: () => {
      if (performance.now() - askedAt < ASKED_EVERY_MS) return;
      askedAt = performance.now();
      logger.warn('there is no search index: it is built, and searches are answered by the database meanwhile');
      queues.enqueue(rebuildSearchJob, {}).catch((error: unknown) => {
        logger.warn({ err: error }, 'a search index could not be asked for');
      });
    },
  });
}

/** Keeps the index like the catalog: after each change, and whole when it is missing. */
export function createSearchIndexing({
  index,
  source,
  onWritten,
  queues,
  logger,
}: {
  index: SearchIndex;
  source: SearchSourcePort;
  /** Called when products were read anew: what is remembered of them is of the past. */
  onWritten: (productIds: readonly string[]) => Promise<void>;
  queues: Pick<Queues, 'enqueue'>;
  logger: Pick<Logger, 'info'>;
}) {
  // Also when the index can't be written: products themselves are read from the database.
  async function write(products: readonly SearchableProduct[], productIds: readonly string[]): Promise<void> {
    await index.write(products).finally(() => onWritten(productIds));
  }
  const handlers: EventHandler[] = [productsStored, productsChanged].map((event) =>
    // Reads what is there now, and the index drops what is older than what it knows: any order and repetition will do.
    defineOutsideHandler({
      name: `search.follow-${event.type}`,
      event,
      handle: async ({ payload: { productIds } }) => write(await source.byIds(productIds), productIds),
    }),
  );
  const askForRebuild = (): Promise<void> => queues.enqueue(rebuildSearchJob, {});

  return {
    handlers,

    /** Brings the products of variants up to date. */
    refreshVariants: async (variantIds: readonly string[]): Promise<void> => {
      const products = await source.byVariantIds(variantIds);
      await write(
        products,
        products.map(({ id }) => id),
      );
    },

    askForRebuild,

    /**
     * Builds an index from the whole catalog beside the current one and takes its place. Changes made meanwhile go to
     * both, later versions winning. Throws when it was lost on the way; the current one stays.
     */
    async rebuild(signal?: AbortSignal): Promise<void> {
      const started = performance.now();
      const build = await index.build();
      let count = 0;
      for (let after = ''; ;) {
        signal?.throwIfAborted();
        const products = await source.listedAfter(after, READ_BATCH);
        await build.write(products);
        count += products.length;
        const last = products.at(-1);
        if (!last || products.length < READ_BATCH) break;
        after = last.id;
      }
      await build.publish();
      // What was answered without an index has no facets.
      await onWritten([]);
      await index.removeFormer();
      logger.info({ products: count, ms: Math.round(performance.now() - started) }, 'the search index was built');
    },

    /** Asks for a rebuild when there is no index that can be read. */
    async check(): Promise<void> {
      if (!(await index.isReady())) await askForRebuild();
    },
  };
}

export type SearchIndexing = ReturnType<typeof createSearchIndexing>;
