import { DomainError, notFound } from '@cartwright/domain-errors';
import {
  decodeCursor,
  encodeCursor,
  isDuplicateKeyError,
  newId,
  type Mongo,
  type Tx,
} from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { z } from 'zod';
import type { BrandDoc } from '../category.model.ts';
import { slugTaken } from '../label-taken.ts';
import { changeEvents } from '../product-changes.ts';
import { tokenize } from '../search-terms.ts';
import type { ReferenceRepository } from './reference-repository.ts';
import type { AdminBrandDto, CreateBrandInput, UpdateBrandInput } from './references.contracts.ts';

const markSchema = z.strictObject({ name: z.string().max(200), id: z.string().max(64) });

/** A slug that somebody else took is told as that, wherever it shows. */
export async function orSlugTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isDuplicateKeyError(error)) throw slugTaken(error);
    throw error;
  }
}

/** What administrators do with brands. One that products carry can't be removed. */
export function createBrandAdmin({
  mongo,
  outbox,
  references: { brands },
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  references: Pick<ReferenceRepository, 'brands'>;
  clock: () => Date;
}) {
  async function live(id: string, tx: Tx): Promise<BrandDoc> {
    const doc = await brands.byId(id, tx);
    if (!doc || doc.deletedAt !== null) throw notFound('brand');
    return doc;
  }

  return {
    /** By name. */
    async list({ deleted, limit, cursor }: { deleted: boolean; limit: number; cursor?: string | undefined }) {
      const mark = cursor === undefined ? undefined : decodeCursor(cursor, markSchema);
      const all = await brands.list(deleted);
      const rest = mark
        ? all.filter(({ name, _id }) => name > mark.name || (name === mark.name && _id > mark.id))
        : all;
      const page = rest.slice(0, limit);
      const last = page.at(-1);
      return {
        items: page.map(toBrand),
        nextCursor: rest.length > limit && last ? encodeCursor({ name: last.name, id: last._id }) : null,
        total: all.length,
      };
    },

    /** Throws SLUG_TAKEN. */
    async create({ name, slug }: CreateBrandInput): Promise<AdminBrandDto> {
      const doc: BrandDoc = { _id: newId(), name, slug, deletedAt: null };
      await orSlugTaken(() => mongo.transaction((tx) => brands.insert(doc, tx)));
      return toBrand(doc);
    },

    /** Products carry the new name and slug at once. Throws NOT_FOUND and SLUG_TAKEN. */
    update: ({ id, name, slug }: UpdateBrandInput): Promise<AdminBrandDto> =>
      orSlugTaken(() =>
        mongo.transaction(async (tx) => {
          const before = await live(id, tx);
          const doc: BrandDoc = { ...before, name: name ?? before.name, slug: slug ?? before.slug };
          await brands.replace(doc, tx);
          if (doc.slug !== before.slug || doc.name !== before.name) {
            const carriers = await brands.carry(doc, tokenize(doc.name), tx);
            await outbox.append(tx, changeEvents(carriers, clock()));
          }
          return toBrand(doc);
        }),
      ),

    /** Throws NOT_FOUND, and IN_USE while products carry it. */
    remove: (id: string): Promise<AdminBrandDto> =>
      mongo.transaction(async (tx) => {
        const before = await live(id, tx);
        if (await brands.isUsed(id, tx)) throw new DomainError('IN_USE', { what: 'brand' });
        const doc: BrandDoc = { ...before, deletedAt: clock() };
        await brands.replace(doc, tx);
        return toBrand(doc);
      }),

    /** Throws NOT_FOUND for one that is not removed, SLUG_TAKEN when another one has its slug meanwhile. */
    restore: (id: string): Promise<AdminBrandDto> =>
      orSlugTaken(() =>
        mongo.transaction(async (tx) => {
          const before = await brands.byId(id, tx);
          if (!before || before.deletedAt === null) throw notFound('brand');
          const doc: BrandDoc = { ...before, deletedAt: null };
          await brands.replace(doc, tx);
          return toBrand(doc);
        }),
      ),
  };
}

export type BrandAdmin = ReturnType<typeof createBrandAdmin>;

const toBrand = ({ _id, name, slug, deletedAt }: BrandDoc): AdminBrandDto => ({ id: _id, name, slug, deletedAt });
