import { DomainError, invalidInput, notFound } from '@cartwright/domain-errors';
import { newId, type Mongo, type Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { CategoryDoc } from '../category.model.ts';
import { changeEvents } from '../product-changes.ts';
import { searchTermsOf, tokenize } from '../search-terms.ts';
import { orSlugTaken } from './brand-admin.ts';
import type { ReferenceRepository } from './reference-repository.ts';
import type {
  AdminCategoryDto,
  CreateCategoryInput,
  MoveCategoryInput,
  ReorderCategoriesInput,
  UpdateCategoryInput,
} from './references.contracts.ts';

/** A menu that is deeper helps nobody. */
const DEPTH_MAX = 8;

/** What administrators do with the tree of categories. One with products or categories below it can't be removed. */
export function createCategoryAdmin({
  mongo,
  outbox,
  references: { categories },
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  references: Pick<ReferenceRepository, 'categories'>;
  clock: () => Date;
}) {
  async function live(id: string, tx: Tx): Promise<CategoryDoc> {
    const doc = await categories.byId(id, tx);
    if (!doc || doc.deletedAt !== null) throw notFound('category');
    return doc;
  }

  /** The path down to a category under `parentId`, whose ancestors stay where they are until this is done. */
  async function pathUnder(parentId: string | null, id: string, tx: Tx): Promise<string[]> {
    if (parentId === null) return [id];
    const { path } = await live(parentId, tx);
    if (path.includes(id)) throw invalidInput('A category can not stand below itself');
    if (!(await categories.hold(path, tx))) throw notFound('category');
    return [...path, id];
  }

  /** What products under a category carry of the tree: its ancestors, and their names among the words. */
  async function carryDown(id: string, tx: Tx): Promise<void> {
    const under = await categories.productsUnder(id, tx);
    if (under.length === 0) return;
    const own = new Set(under.flatMap((product) => product.categories.map((category) => category.id)));
    const direct = new Map((await categories.byIds([...own], tx)).map((doc) => [doc._id, doc]));
    const everyId = new Set([...direct.values()].flatMap(({ path }) => path));
    const byId = new Map((await categories.byIds([...everyId], tx)).map((doc) => [doc._id, doc]));
    await categories.setAncestry(
      under.map(({ _id, title, brand, categories: references, variants }) => {
        const categoryIds = [...new Set(references.flatMap((reference) => direct.get(reference.id)?.path ?? []))];
        const ancestors = categoryIds.flatMap((categoryId) => byId.get(categoryId) ?? []);
        return { _id, categoryIds, searchTerms: searchTermsOf({ title, brand, categories: ancestors, variants }) };
      }),
      tx,
    );
    const written = under.map(({ _id, version }) => ({ _id, version: version + 1 }));
    await outbox.append(tx, changeEvents(written, clock()));
  }

  return {
    /** The living as a tree laid flat, each after its parent; or the removed ones by their names. */
    async list(deleted: boolean): Promise<AdminCategoryDto[]> {
      const docs = await categories.list(deleted);
      return (deleted ? docs : flattened(docs)).map(toCategory);
    },

    /** Throws NOT_FOUND for an unknown parent, SLUG_TAKEN, and INVALID_INPUT beyond eight levels. */
    create: ({ name, slug, parentId, position }: CreateCategoryInput): Promise<AdminCategoryDto> =>
      orSlugTaken(() =>
        mongo.transaction(async (tx) => {
          const id = newId();
          const path = await pathUnder(parentId, id, tx);
          refuseTooDeep(path.length);
          const doc: CategoryDoc = { _id: id, name, slug, parentId, path, position, deletedAt: null };
          await categories.insert(doc, tx);
          return toCategory(doc);
        }),
      ),

    /** Products carry the new name and slug at once. Throws NOT_FOUND and SLUG_TAKEN. */
    update: ({ id, name, slug, position }: UpdateCategoryInput): Promise<AdminCategoryDto> =>
      orSlugTaken(() =>
        mongo.transaction(async (tx) => {
          const before = await live(id, tx);
          const doc: CategoryDoc = {
            ...before,
            name: name ?? before.name,
            slug: slug ?? before.slug,
            position: position ?? before.position,
          };
          await categories.replace([doc], tx);
          if (doc.slug !== before.slug || doc.name !== before.name) {
            const carriers = await categories.carry(doc, tokenize(doc.name), tx);
            await outbox.append(tx, changeEvents(carriers, clock()));
          }
          return toCategory(doc);
        }),
      ),

    /**
     * Puts a category with all below it elsewhere in the tree; products under it follow. Throws NOT_FOUND, and
     * INVALID_INPUT for a place below itself or beyond eight levels.
     */
    move: ({ id, parentId, position }: MoveCategoryInput): Promise<AdminCategoryDto> =>
      mongo.transaction(async (tx) => {
        const before = await live(id, tx);
        const path = await pathUnder(parentId, id, tx);
        const subtree = await categories.below(id, tx);
        const moved = subtree.map((doc) => ({ ...doc, path: [...path, ...doc.path.slice(before.path.length)] }));
        refuseTooDeep(Math.max(...moved.filter(({ deletedAt }) => deletedAt === null).map((doc) => doc.path.length)));
        const doc: CategoryDoc = { ...before, path, parentId, position: position ?? before.position };
        await categories.replace([doc, ...moved.filter(({ _id }) => _id !== id)], tx);
        await carryDown(id, tx);
        return toCategory(doc);
      }),

    /**
     * Puts the categories of one level in this order, all at once. Throws NOT_FOUND for an unknown parent, and
     * VERSION_CONFLICT unless they are exactly those that stand there now: somebody else added, moved or removed one.
     */
    reorder: ({ parentId, ids }: ReorderCategoriesInput): Promise<AdminCategoryDto[]> =>
      mongo.transaction(async (tx) => {
        if (parentId !== null) await live(parentId, tx);
        const children = new Map((await categories.children(parentId, tx)).map((doc) => [doc._id, doc]));
        const ordered = [...new Set(ids)].flatMap((id) => children.get(id) ?? []);
        if (ordered.length !== ids.length || ordered.length !== children.size) {
          throw new DomainError('VERSION_CONFLICT', { what: 'category' });
        }
        const docs = ordered.map((doc, position): CategoryDoc => ({ ...doc, position }));
        // All of them, also those that stay: of two who put a level in order at once the second starts over.
        await categories.replace(
          docs.map((doc) => ({ ...doc, holds: (doc.holds ?? 0) + 1 })),
          tx,
        );
        return docs.map(toCategory);
      }),

    /** Throws NOT_FOUND, and IN_USE while there are products or categories below it. */
    remove: (id: string): Promise<AdminCategoryDto> =>
      mongo.transaction(async (tx) => {
        const before = await live(id, tx);
        if (await categories.isUsed(id, tx)) throw new DomainError('IN_USE', { what: 'category' });
        const doc: CategoryDoc = { ...before, deletedAt: clock() };
        await categories.replace([doc], tx);
        return toCategory(doc);
      }),

    /** Back under its parent, wherever that stands now. Throws NOT_FOUND, also when the parent is removed; SLUG_TAKEN. */
    restore: (id: string): Promise<AdminCategoryDto> =>
      orSlugTaken(() =>
        mongo.transaction(async (tx) => {
          const before = await categories.byId(id, tx);
          if (!before || before.deletedAt === null) throw notFound('category');
          const path = await pathUnder(before.parentId, id, tx);
          refuseTooDeep(path.length);
          const doc: CategoryDoc = { ...before, path, deletedAt: null };
          await categories.replace([doc], tx);
          return toCategory(doc);
        }),
      ),
  };
}

export type CategoryAdmin = ReturnType<typeof createCategoryAdmin>;

function refuseTooDeep(depth: number): void {
  if (depth > DEPTH_MAX) throw invalidInput(`Categories go ${DEPTH_MAX} levels deep at most`);
}

function flattened(docs: readonly CategoryDoc[], parentId: string | null = null): CategoryDoc[] {
  return docs.filter((doc) => doc.parentId === parentId).flatMap((doc) => [doc, ...flattened(docs, doc._id)]);
}

const toCategory = ({ _id, name, slug, parentId, path, position, deletedAt }: CategoryDoc): AdminCategoryDto => ({
  ...{ id: _id, name, slug, parentId, position, deletedAt },
  depth: path.length - 1,
});
