import { createHash } from 'node:crypto';
import { newId } from '@cartwright/platform-mongo';
import { isRedisUnavailable, type Redis } from '@cartwright/platform-redis';
import { entryOf, INDEX_SCHEMA } from './index-entry.ts';
import { queryScript } from './index-query.ts';
import { beginScript, publishScript, writeScript } from './index-write.ts';
import type { IndexFound, IndexSearch, SearchableProduct, SearchIndexPort } from './search.ports.ts';

/** Products written by one run of the script: others' commands wait for no more than these. */
const WRITE_BATCH = 50;
const SCAN_COUNT = 1_000;
const LATER_LAYOUT = -1;
const NOT_BUILDING = -2;

/** The index is of a later release: what was to be written there waits for a process of that release. */
export class LaterIndexError extends Error {
  override readonly name = 'LaterIndexError';
}

/** What was being built is gone or was begun anew by somebody else. */
export class BuildLostError extends Error {
  override readonly name = 'BuildLostError';
}

/**
 * The search index on plain Redis. Each query is one run of a script; answers are kept for a minute under the query and the
 * state of the index, so that further pages are cheap and stay as they were. `onAbsent` is called when there is nothing to
 * answer from.
 */
export function createSearchIndex({ redis, onAbsent }: { redis: Pick<Redis, 'client' | 'key'>; onAbsent: () => void }) {
  const root = redis.key('search');
  const pointerTo = (generation: string): string => `${INDEX_SCHEMA}.${generation}`;

  async function write(products: readonly SearchableProduct[], generation: string): Promise<number> {
    let written = 0;
    for (let start = 0; start < products.length; start += WRITE_BATCH) {
      const docs = products
        .slice(start, start + WRITE_BATCH)
        .map((product) => ({ id: product.id, v: product.version, ...(product.listed ? { e: entryOf(product) } : {}) }));
      const result = await writeScript.run(redis.client, [root], [INDEX_SCHEMA, generation, JSON.stringify(docs)]);
      if (result === LATER_LAYOUT) throw new LaterIndexError('The search index is of a later release');
      if (result === NOT_BUILDING) throw new BuildLostError('This search index is not being built any more');
      written += result;
    }
    return written;
  }

  async function search(query: IndexSearch): Promise<IndexFound | null> {
    const { mark, limit } = query.page;
    const json = toJson(query);
    const hash = createHash('sha1').update(json).digest('hex');
    // The index compares ratings in hundredths.
    const scale = query.sort === 'rating' ? 100 : 1;
    const position = mark
      ? [Math.round(mark.value * scale), mark.id, mark.list ?? '', mark.offset ?? 0]
      : ['', '', '', 0];
    let answer;
    try {
      answer = await queryScript.run(redis.client, [root], [INDEX_SCHEMA, json, hash, limit, ...position]);
    } catch (error) {
      if (isRedisUnavailable(error)) return null;
      throw error;
    }
    if ('state' in answer) {
      if (answer.state === 'absent') onAbsent();
      return null;
    }
    const { list, offset, more, total, words, complete, facets } = answer;
    const rows = answer.rows.map(rowOf);
    const last = rows.at(-1);
    return {
      ids: rows.map(({ id }) => id),
      next: last && more ? { value: last.value / scale, id: last.id, list, offset } : null,
      total,
      words,
      complete,
      ...(facets === undefined ? {} : { facets }),
    };
  }

  return {
    search,

    /** One page by filters alone; null while there is no index. */
    page: (filters, sort, page) => search({ words: [], prefix: false, filters, sort, page }),

    /** Takes over products as they are, those not for sale being taken out; what is older than what is known is dropped. */
    write: (products: readonly SearchableProduct[]): Promise<number> => write(products, ''),

    /** Whether there is an index that this release reads. */
    async isReady(): Promise<boolean> {
      const pointer = await redis.client.get(`${root}:current`);
      return pointer !== null && Number(pointer.split('.')[0]) >= INDEX_SCHEMA;
    },

    /**
     * Starts an empty index beside the current one; changes go to both from now on. `publish` makes it the current one unless
     * Redis was emptied or another build was begun meanwhile. Throws LaterIndexError when a later release has an index.
     */
    async build(): Promise<{
      write(products: readonly SearchableProduct[]): Promise<number>;
      publish(): Promise<void>;
    }> {
      const generation = newId();
      if ((await beginScript.run(redis.client, [root], [INDEX_SCHEMA, generation])) === 0) {
        throw new LaterIndexError('The search index is of a later release');
      }
      return {
        write: (products) => write(products, generation),
        async publish() {
          const published = await publishScript.run(redis.client, [root], [pointerTo(generation)]);
          if (published === 0) throw new BuildLostError('A part of the new search index is gone');
        },
      };
    },

    /** Removes what former indexes left behind. */
    async removeFormer(): Promise<void> {
      const match = `${root.replace(/[\\*?[\]]/g, '\\$&')}:g:*`;
      for await (const found of redis.client.scanStream({ match, count: SCAN_COUNT })) {
        // Asked after the keys were seen: an index that was begun meanwhile is known by now.
        const pointers = await redis.client.mget(`${root}:current`, `${root}:building`);
        const living = pointers.flatMap((pointer) => (pointer ? [`${root}:g:${pointer.split('.')[1] ?? ''}:`] : []));
        const dead = (found as string[]).filter((key) => !living.some((prefix) => key.startsWith(prefix)));
        if (dead.length > 0) await redis.client.unlink(...dead);
      }
    },
  } satisfies SearchIndexPort & Record<string, unknown>;
}

export type SearchIndex = ReturnType<typeof createSearchIndex>;

/** A sort value and an id: what the script keeps of a product in a list. */
function rowOf(row: string): { value: number; id: string } {
  const space = row.indexOf(' ');
  return { value: Number(row.slice(0, space)), id: row.slice(space + 1) };
}

function toJson({ words, prefix, filters, sort, facets, complete }: IndexSearch): string {
  return JSON.stringify({
    t: words,
    prefix,
    c: filters.categoryId,
    b: filters.brandId,
    s: filters.inStock === undefined ? undefined : filters.inStock ? '1' : '0',
    a: filters.attributes?.map(({ name, values }) => [
      name.toWellFormed(),
      values.map((value) => value.toWellFormed()),
    ]),
    pmin: filters.priceMin,
    pmax: filters.priceMax,
    // The smallest rating in hundredths that reaches it, clear of the error of a product of fractions.
    rmin: filters.minRating === undefined ? undefined : Math.ceil(Number((filters.minRating * 100).toFixed(6))),
    sort,
    facets,
    complete,
  });
}
