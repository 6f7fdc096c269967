import { createSilentLogger } from '@cartwright/platform-logger';
import { createRedis, type Redis } from '@cartwright/platform-redis';
import { createTestShop, type TestShop } from '@cartwright/testapp';
import { startRedisServer, startTcpProxy, timeLimit, type TcpProxy } from '@cartwright/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

const SECOND = { timeout: timeLimit(1_000), interval: 20 };
const PATIENCE = { timeout: 30_000, interval: 50 };

let server: Awaited<ReturnType<typeof startRedisServer>>;
let proxy: TcpProxy;
let redis: Redis;
let shop: TestShop;
let lampId: string;
/** What each instance answers, as a guest's browser asks; the last one has its Redis behind the proxy. */
let instances: (ReturnType<typeof readsOf> & { socket: () => number | undefined })[];

beforeAll(async () => {
  server = await startRedisServer();
  proxy = await startTcpProxy({ target: server.port });
  redis = await createRedis({ url: server.url, prefix: 'x', logger: createSilentLogger() });
  shop = await createTestShop({
    apis: 2,
    products: [
      { slug: 'lamp', title: 'Green lamp', price: 5_000 },
      { slug: 'vase', price: 100 },
    ],
    env: { REDIS_URL: server.url },
  });
  await shop.startApi(undefined, { REDIS_URL: proxy.through(server.url) });
  lampId = (await shop.inside.services.catalog.bySlug('lamp')).id;
  const search = () => shop.client().api.search.products.query({ query: 'lamp' });
  await vi.waitFor(async () => expect((await search()).facets).not.toBeNull(), PATIENCE);
  instances = shop.apis.map((api) => {
    let price: number | undefined;
    shop.client(api).api.catalog.products.onChange.subscribe(
      { productIds: [lampId] },
      {
        onData: ({ data }) => {
          if (data.type === 'product.changed' && data.status === 'active') price = data.price?.amount;
        },
      },
    );
    return { ...readsOf(api.url), socket: () => price };
  });
}, 120_000);
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
  await redis.close();
  await proxy.stop();
  await server.stop();
});
beforeEach(() => proxy.pass());

interface Card {
  slug: string;
  price: { amount: number };
}

function readsOf(url: string) {
  const read = async <T>(procedure: string, input: unknown): Promise<T> => {
    const answer = await fetch(`${url}/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify({ json: input }))}`);
    const { result } = (await answer.json()) as { result: { data: { json: T } } };
    return result.data.json;
  };
  const inList = async (procedure: string, input: unknown): Promise<number | undefined> =>
    (await read<{ items: Card[] }>(procedure, input)).items.find(({ slug }) => slug === 'lamp')?.price.amount;
  return {
    detail: async () => (await read<Card>('catalog.products.bySlug', { slug: 'lamp' })).price.amount,
    list: () => inList('catalog.products.list', { category: 'things', sort: 'price_asc' }),
    filtered: () => inList('catalog.products.list', { priceMax: 900_000 }),
    search: () => inList('search.products', { query: 'green' }),
    reviews: async () =>
      (
        await read<{ items: { text?: string; reply?: { text: string } }[] }>('reviews.list', { productId: lampId })
      ).items.map(({ text, reply }) => ({ text, reply: reply?.text })),
  };
}

const SURFACES = ['detail', 'list', 'filtered', 'search'] as const;
const everywhere = () =>
  instances.flatMap((instance) => SURFACES.map((surface) => ({ surface, read: instance[surface] })));

/** A new price, told by the event of an import like any other change. */
const price = (amount: number) =>
  shop.inside.catalogImport.importCatalog({
    products: [
      {
        ...{ slug: 'lamp', title: 'Green lamp', brand: 'acme', categories: ['things'] },
        variants: [{ sku: 'LAMP', price: amount }],
      },
    ],
  });

/** Reads everything till it is kept for longer than a moment: nothing that is kept any shorter is shared over Redis. */
async function untilKept(amount: number): Promise<void> {
  const shared = async () => {
    for (const { read } of everywhere()) if ((await read()) !== amount) return 0;
    const version = await redis.client.get(`${shop.env['REDIS_PREFIX'] ?? ''}:changes:catalog`);
    return (await redis.client.keys(`*:answers:${version ?? ''}:*`)).length;
  };
  await expect.poll(shared, PATIENCE).toBe(SURFACES.length);
}

it('is counted by the metrics of each API whether answers were kept', async () => {
  const [api] = shop.apis;
  const [instance] = instances;
  const kept = async (level: string, outcome: string): Promise<number> => {
    const body = await (await fetch(`${api?.url ?? ''}/metrics`)).text();
    const line = new RegExp(`^cartwright_kept_answers_total\\{level="${level}",outcome="${outcome}".*\\} (\\d+)$`, 'm');
    return Number(line.exec(body)?.[1] ?? 0);
  };
  const read = (level: string, outcome: string) => async () => {
    await instance?.detail();
    return kept(level, outcome);
  };
  await expect.poll(read('redis', 'miss'), PATIENCE).toBeGreaterThan(0);
  const hits = await kept('process', 'hit');
  await expect.poll(read('process', 'hit'), PATIENCE).toBeGreaterThan(hits);
});

describe('a change of price', () => {
  it('is seen within a second in details, lists and searches of every instance, and by those who follow it', async () => {
    for (const amount of [4_000, 3_000]) {
      await untilKept((await shop.inside.services.catalog.bySlug('lamp')).price.amount);
      await price(amount);
      await Promise.all([
        ...everywhere().map(({ read, surface }) => expect.poll(read, { ...SECOND, message: surface }).toBe(amount)),
        ...instances.map(({ socket }) => expect.poll(socket, SECOND).toBe(amount)),
      ]);
    }
  }, 120_000);

  it.each([
    [
      'cut',
      async () => {
        await proxy.refuse();
        proxy.cut();
      },
    ],
    ['open and dead', async () => proxy.halfOpen()],
  ])(
    'is seen within a second where the connection to Redis is %s',
    async (how, lose) => {
      const amount = how === 'cut' ? 2_000 : 1_000;
      await untilKept((await shop.inside.services.catalog.bySlug('lamp')).price.amount);
      await lose();
      await price(amount);
      const last = instances.at(-1);
      await expect.poll(() => last?.detail(), SECOND).toBe(amount);
      await expect.poll(() => last?.list(), SECOND).toBe(amount);
      // And again when the connection is there again.
      await proxy.pass();
      await untilKept(amount);
    },
    60_000,
  );
});

describe('what is said of a product', () => {
  it('is kept, and seen by everybody within a second when it is edited, answered or hidden', async () => {
    const customer = await shop.customer();
    const { reviewModeration } = shop.inside.services;
    const { id } = await customer.api.reviews.create.mutate({ productId: lampId, rating: 4, text: 'Bright' });
    const seen = (text: string | undefined, reply?: string) =>
      Promise.all(
        instances.map(({ reviews }) =>
          expect.poll(reviews, SECOND).toEqual(text === undefined ? [] : [{ text, reply }]),
        ),
      );
    const address = `${shop.apis[0]?.url ?? ''}/trpc/reviews.list?input=${encodeURIComponent(JSON.stringify({ json: { productId: lampId } }))}`;
    await expect.poll(async () => (await fetch(address)).headers.get('etag'), PATIENCE).toMatch(/^W/);
    await seen('Bright');
    await customer.api.reviews.update.mutate({ id, rating: 4, text: 'Bright, and warm' });
    await seen('Bright, and warm');
    await reviewModeration.reply(id, 'Thank you');
    await seen('Bright, and warm', 'Thank you');
    await reviewModeration.setStatus(id, 'hidden');
    await seen(undefined);
  }, 120_000);
});
