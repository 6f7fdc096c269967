import { isDomainError } from '@cartwright/domain-errors';
import type { Mongo } from '@cartwright/platform-mongo';
import { PostponeError } from '@cartwright/platform-queue';
import type { ProductAdminRepository } from '../admin/product-admin-repository.ts';
import type { SaveProduct } from '../admin/save-product.ts';
import { orLabelTaken } from '../admin/write-products.ts';
import type { ImportFilesPort, TaxClassesPort } from '../catalog.ports.ts';
import type { CategoryRepository } from '../category-repository.ts';
import type { CsvProblem } from './csv-columns.ts';
import type { CsvProduct } from './csv-products.ts';
import { planProduct, type ShopNames } from './plan-product.ts';
import { createProblemList, readProducts, type ProblemList } from './read-products.ts';
import type { CsvImportDoc } from './import.model.ts';
import type { ImportRepository } from './import-repository.ts';

/** A file at which workers died so often is left alone. */
const ATTEMPTS_MAX = 5;
const LOOKED_UP_AT_ONCE = 250;

/** What can be gone between the check and a product's turn. */
const LOST = [
  { reason: 'SLUG_TAKEN', column: 'slug' },
  { reason: 'SKU_TAKEN', column: 'sku' },
  { reason: 'NOT_FOUND', column: 'categories' },
] as const;

type Change = 'created' | 'updated' | 'unchanged';

/** Doing imports. */
export function createImportRun({
  mongo,
  imports,
  uploads,
  products,
  categories,
  save,
  currency,
  taxClasses,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  imports: ImportRepository;
  uploads: ImportFilesPort;
  products: Pick<ProductAdminRepository, 'livingBySlugs' | 'ownersOfSkus'>;
  categories: Pick<CategoryRepository, 'allCategories' | 'allBrands'>;
  save: SaveProduct;
  currency: string;
  taxClasses: TaxClassesPort;
  clock: () => Date;
}) {
  async function shopNames(): Promise<ShopNames> {
    const idsOf = (docs: readonly { _id: string; slug: string }[]) => new Map(docs.map(({ _id, slug }) => [slug, _id]));
    return {
      brands: idsOf(await categories.allBrands()),
      categories: idsOf(await categories.allCategories()),
      taxClasses: await taxClasses.ids(),
    };
  }

  /** Goes through the whole file against what is in the shop now. */
  async function check(
    file: readonly CsvProduct[],
    names: ShopNames,
    { problems, signal }: { problems: ProblemList; signal: AbortSignal },
  ): Promise<Record<Change, number>> {
    const counts = { created: 0, updated: 0, unchanged: 0 };
    for (let start = 0; start < file.length; start += LOOKED_UP_AT_ONCE) {
      refuseAborted(signal);
      const some = file.slice(start, start + LOOKED_UP_AT_ONCE).filter(({ isWhole }) => isWhole);
      const bySlug = new Map(
        (await products.livingBySlugs(some.map(({ slug }) => slug))).map((doc) => [doc.slug, doc]),
      );
      const owners = await products.ownersOfSkus(some.flatMap(({ variants }) => variants.map(({ sku }) => sku)));
      for (const csv of some) {
        const before = bySlug.get(csv.slug);
        const plan = planProduct(csv, { before, names, currency });
        plan.problems.forEach(problems.add);
        counts[plan.change] += 1;
        for (const { sku, line } of csv.variants) {
          const owner = owners.get(sku);
          if (owner !== undefined && owner !== before?._id) {
            problems.add({ line, column: 'sku', message: 'Another product has this SKU' });
          }
        }
      }
    }
    return counts;
  }

  /** Applies one product and counts it, in one transaction; false when somebody else did that. */
  async function applyOne(
    id: string,
    { csv, place }: { csv: CsvProduct; place: number },
    checked: ShopNames,
  ): Promise<boolean> {
    const step = { id, place, now: clock() };
    const skipped = (problem: CsvProblem) => ({ ...step, counter: 'skipped' as const, problem });
    try {
      return await orLabelTaken(() =>
        mongo.transaction(async (tx) => {
          const [before] = await products.livingBySlugs([csv.slug], tx);
          // Categories and brands are held by what is written; a tax class that went since the file was checked is not.
          const names = { ...checked, taxClasses: await taxClasses.ids() };
          const { draft, change, problems } = planProduct(csv, { before, names, currency });
          const [problem] = problems;
          // It was changed since the file was checked, and what the file says no longer fits.
          if (problem) return imports.advance(skipped(problem), tx);
          if (!(await imports.advance({ ...step, counter: change }, tx))) return false;
          if (change !== 'unchanged') await save(before, draft, tx);
          return true;
        }),
      );
    } catch (error) {
      const column = LOST.find(({ reason }) => isDomainError(error, reason))?.column;
      if (column === undefined) throw error;
      const problem = { line: csv.line, column, message: 'Somebody took or removed this while the file was read' };
      return mongo.transaction((tx) => imports.advance(skipped(problem), tx));
    }
  }

  /** Ends an import and lets go of its file. */
  const finish = (
    { _id, uploadId }: CsvImportDoc,
    state: 'done' | 'refused' | 'failed',
    change: Partial<CsvImportDoc> = {},
  ): Promise<void> =>
    mongo.transaction(async (tx) => {
      const end = { state, finishedAt: clock(), changedAt: clock(), ...change };
      const isEnded = await imports.move(_id, ['pending', 'checking', 'applying'], end, tx);
      if (isEnded) await uploads.release(uploadId, _id, tx);
    });

  async function work(doc: CsvImportDoc, signal: AbortSignal): Promise<void> {
    const { _id: id, userId, uploadId, dryRun } = doc;
    const file = await uploads.take({ uploadId, userId, purpose: 'catalog_import' });
    const problems = createProblemList();
    const { rows, products: read } = await readProducts(await file.read(), { currency, problems });
    const names = await shopNames();
    if (doc.state !== 'applying') {
      await imports.move(id, ['pending', 'checking'], { state: 'checking', rows, products: read.length });
      const counts = await check(read, names, { problems, signal });
      if (problems.count() > 0) {
        return finish(doc, 'refused', { problems: problems.kept(), errorCount: problems.count() });
      }
      if (dryRun) return finish(doc, 'done', counts);
      if (!(await imports.move(id, ['checking'], { state: 'applying', changedAt: clock() }))) return;
    }
    for (const [place, csv] of read.entries()) {
      if (place < doc.applied) continue;
      refuseAborted(signal);
      // Another worker has it by now.
      if (!(await applyOne(id, { csv, place }, names))) return;
    }
    await finish(doc, 'done');
  }

  return {
    /**
     * Takes an import up where it was left: nothing is changed before the whole file was checked, then each product in a
     * transaction that also counts it, so that none is done twice, wherever a worker ended. Rejects when a store is away.
     */
    async run(id: string, signal: AbortSignal): Promise<void> {
      const doc = await imports.begin(id, clock());
      if (!doc) return;
      if (doc.attempts > ATTEMPTS_MAX) return finish(doc, 'failed');
      try {
        await work(doc, signal);
      } catch (error) {
        const isGone = isDomainError(error, 'NOT_FOUND') || isDomainError(error, 'UPLOAD_NOT_READY');
        if (isGone) return await finish(doc, 'failed');
        await imports.letGo(id);
        throw error;
      }
    },
  };
}

/** Somebody else goes on with it. */
function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new PostponeError('The import is interrupted');
}
