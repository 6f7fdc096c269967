import { tokenize } from '@cartwright/feature-catalog';
import { createSilentLogger } from '@cartwright/platform-logger';
import { createRedis, type Redis } from '@cartwright/platform-redis';
import { startRedisServer } from '@cartwright/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAskingIndex, createSearchIndexing } from './search-indexing.ts';
import { BuildLostError, createSearchIndex, LaterIndexError } from './search-index.ts';
import type { SearchableProduct, SearchSourcePort } from './search.ports.ts';
import { searchNaively } from './testing/naive-search.ts';
import { randomFrom, randomProduct } from './testing/random-catalog.ts';

let server: Awaited<ReturnType<typeof startRedisServer>>;
let redis: Redis;
beforeAll(async () => {
  // Of its own: it is emptied.
  server = await startRedisServer();
  redis = await createRedis({ url: server.url, prefix: 'x', logger: createSilentLogger() });
});
beforeEach(() => redis.client.flushall());
afterAll(async () => {
  await redis.close();
  await server.stop();
});

const SEARCH = { words: [], prefix: true, filters: {}, sort: 'price_asc' as const, facets: true };
const PAGE = { ...SEARCH, page: { limit: 100 } };

/** A shop's catalog in memory, with what may happen while a batch of it is read. */
function catalogOf(size: number) {
  const random = randomFrom(size);
  const products = new Map<string, SearchableProduct>();
  for (let number = 0; number < size; number += 1) {
    const product = randomProduct(random, number, 1);
    products.set(product.id, product);
  }
  let whileReading = async (): Promise<void> => undefined;
  const source: SearchSourcePort = {
    byIds: async (ids) => ids.flatMap((id) => products.get(id) ?? []),
    byVariantIds: async (ids) => ids.flatMap((id) => products.get(id) ?? []),
    listedAfter: async (after, limit) => {
      const batch = [...products.values()]
        .filter(({ id, listed }) => id > after && listed)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit);
      // What was read is old already when it is written.
      await whileReading();
      return batch;
    },
  };
  return {
    random,
    products,
    source,
    whileReading: (happens: () => Promise<void>): void => {
      whileReading = happens;
    },
    change(number: number): SearchableProduct {
      const known = [...products.values()].reduce((most, { version }) => Math.max(most, version), 0);
      const product = randomProduct(random, number, known + 1);
      products.set(product.id, product);
      return product;
    },
  };
}

function indexingOf(source: SearchSourcePort) {
  const asked: string[] = [];
  const queues = { enqueue: async ({ name }: { name: string }) => void asked.push(name) };
  const logger = createSilentLogger();
  const index = createAskingIndex({ redis, queues, logger });
  const told: string[] = [];
  const onWritten = async (productIds: readonly string[]) => void told.push(...productIds);
  return { index, asked, told, indexing: createSearchIndexing({ index, source, onWritten, queues, logger }) };
}

const keysOf = async (): Promise<string[]> =>
  (await redis.client.keys('x:search:g:*')).map((key) => key.split(':')[3] ?? '');

describe('building the search index', () => {
  it('loses nothing that changes meanwhile, and answers from the former one until it is done', async () => {
    const catalog = catalogOf(900);
    const { index, indexing } = indexingOf(catalog.source);
    await indexing.rebuild();
    const handler = indexing.handlers[0];
    const event = {
      id: 'e',
      type: 'products.stored',
      version: 1,
      aggregateId: '',
      aggregateVersion: 1,
      occurredAt: new Date(),
    };
    let meanwhile = 0;
    catalog.whileReading(async () => {
      for (let count = 0; count < 20; count += 1) {
        const { id } = catalog.change(catalog.random.below(950));
        await handler?.handle({ ...event, payload: { productIds: [id] } });
      }
      meanwhile += (await index.search(PAGE))?.total ?? Number.NaN;
    });
    await indexing.rebuild();
    expect(meanwhile).toBeGreaterThan(2_000);
    await expect
      .poll(async () => {
        const found = await index.search(PAGE);
        return { total: found?.total, ids: found?.ids, facets: found?.facets };
      })
      .toEqual(
        (({ ids, ...rest }) => ({ ...rest, ids: ids.slice(0, 100) }))(
          searchNaively([...catalog.products.values()], SEARCH),
        ),
      );
    expect(new Set(await keysOf()).size).toBe(1);
  });

  it('starts by itself when Redis is empty, and has nothing wrong answered meanwhile', async () => {
    const catalog = catalogOf(300);
    const { index, asked, indexing } = indexingOf(catalog.source);
    await indexing.rebuild();
    await redis.client.flushall();
    expect(await index.search(PAGE)).toBeNull();
    expect(asked).toEqual(['search.rebuild']);
    await indexing.check();
    expect(asked).toEqual(['search.rebuild', 'search.rebuild']);
    // Changes that come before are found in the catalog when it is built.
    await indexing.refreshVariants([...catalog.products.keys()].slice(0, 3));
    expect(await index.search(PAGE)).toBeNull();
    await indexing.rebuild();
    expect((await index.search(PAGE))?.total).toBe(searchNaively([...catalog.products.values()], SEARCH).total);
    await indexing.check();
    expect(asked).toHaveLength(2);
  });

  it('never takes for whole what was emptied while it was built', async () => {
    const catalog = catalogOf(600);
    const { index, indexing } = indexingOf(catalog.source);
    let reads = 0;
    catalog.whileReading(async () => {
      reads += 1;
      if (reads === 2) await redis.client.flushall();
    });
    await expect(indexing.rebuild()).rejects.toThrow(BuildLostError);
    expect(await index.search(PAGE)).toBeNull();
    await indexing.rebuild();
    expect((await index.search(PAGE))?.total).toBeGreaterThan(500);
  });

  it('removes nothing of an index that is begun while former ones are removed', async () => {
    const catalog = catalogOf(100);
    const scan = redis.client.scanStream.bind(redis.client);
    let begun: Awaited<ReturnType<typeof index.build>> | undefined;
    const client = Object.assign(Object.create(redis.client) as Redis['client'], {
      scanStream: (options: Parameters<typeof scan>[0]) =>
        (async function* () {
          begun = await index.build();
          await begun.write([...catalog.products.values()]);
          yield* scan(options);
        })(),
    });
    const index = createSearchIndex({ redis: { client, key: redis.key }, onAbsent: () => undefined });
    await (await index.build()).publish();
    await index.removeFormer();
    await begun?.publish();
    expect((await index.search(PAGE))?.total).toBe(searchNaively([...catalog.products.values()], SEARCH).total);
  });

  it('replaces an index of an earlier layout, and leaves one of a later to the later release', async () => {
    const { index, asked, indexing } = indexingOf(catalogOf(10).source);
    await redis.client.set('x:search:current', '0.abc');
    expect(await index.search(PAGE)).toBeNull();
    expect(asked).toHaveLength(1);
    await indexing.rebuild();
    expect(await index.search(PAGE)).not.toBeNull();
    await redis.client.set('x:search:current', '999.abc');
    expect(await index.search(PAGE)).toBeNull();
    await expect(indexing.rebuild()).rejects.toThrow(LaterIndexError);
    await expect(indexing.refreshVariants([catalogOf(1).products.keys().next().value ?? ''])).rejects.toThrow(
      LaterIndexError,
    );
    await indexing.check();
    expect(asked).toHaveLength(1);
    expect(await redis.client.get('x:search:current')).toBe('999.abc');
  });

  it('takes words that are longer than it keeps, cut within whatever letter', async () => {
    const catalog = catalogOf(1);
    const { index, indexing } = indexingOf(catalog.source);
    await indexing.rebuild();
    const title = `${'x'.repeat(39)}\u{10330}${'x'.repeat(9)}`;
    await index.write([{ ...catalog.change(0), title, listed: true }]);
    expect(await index.search({ ...PAGE, words: tokenize(title) })).toMatchObject({ total: 1 });
  });

  it('leaves the answer to others while Redis is away', async () => {
    await using own = await startRedisServer();
    const away = await createRedis({ url: own.url, prefix: 'x', logger: createSilentLogger(), timeoutMs: 200 });
    const index = createSearchIndex({ redis: away, onAbsent: () => undefined });
    await (await index.build()).publish();
    expect(await index.search(PAGE)).toMatchObject({ total: 0 });
    await own.stop();
    expect(await index.search(PAGE)).toBeNull();
    await away.close();
  });
});
