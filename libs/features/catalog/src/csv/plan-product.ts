import type { ProductDraft, VariantDraft } from '../admin/product-draft.ts';
import { draftOf, variantDraftOf } from '../admin/product-draft.ts';
import { VARIANTS_MAX } from '../admin/product-edit.contracts.ts';
import { problemsOf, type DraftProblem } from '../admin/product-rules.ts';
import type { ProductDoc } from '../product.model.ts';
import type { Cell } from './csv-cells.ts';
import { ATTRIBUTE, type CsvProblem } from './csv-columns.ts';
import type { CsvProduct, CsvVariant } from './csv-products.ts';

/** What slugs in a file stand for, and the tax classes that there are. */
export interface ShopNames {
  readonly brands: ReadonlyMap<string, string>;
  readonly categories: ReadonlyMap<string, string>;
  readonly taxClasses: ReadonlySet<string>;
}

/** What a file makes of a product. */
export interface ProductPlan {
  readonly draft: ProductDraft;
  readonly change: 'created' | 'updated' | 'unchanged';
  readonly problems: CsvProblem[];
}

/** An empty cell says that there is none; a column that is missing leaves what is there. */
const orKept = <T>(cell: Cell<T>, kept: T | undefined): T | undefined =>
  cell === undefined ? kept : (cell ?? undefined);

const EMPTY: ProductDraft = {
  ...{ slug: '', title: '', description: '', brandId: null, categoryIds: [], taxClass: 'standard' },
  ...{ attributes: {}, options: [], status: 'draft', variants: [] },
};

/**
 * The draft that a file's rows make of a product, of `before` where it is there: what they don't speak of stays, variants
 * that aren't in them included. With the problems of the whole, by line and column.
 */
export function planProduct(
  csv: CsvProduct,
  { before, names, currency }: { before: ProductDoc | undefined; names: ShopNames; currency: string },
): ProductPlan {
  const problems: CsvProblem[] = [];
  const refuse = (column: string, message: string, line = csv.line) => problems.push({ line, column, message });
  const kept = before ? draftOf(before) : EMPTY;
  const idOf = (ids: ReadonlyMap<string, string>, slug: string, column: string): string[] => {
    const id = ids.get(slug);
    if (id === undefined) refuse(column, `There is no “${slug}”`);
    return id === undefined ? [] : [id];
  };
  const needed = (column: string, value: string | undefined): string => {
    if (value === undefined || value === '') refuse(column, 'This can not be empty');
    return value ?? '';
  };
  if ((csv.alts?.length ?? 0) > (before?.images.length ?? 0)) refuse('picture_alts', 'More texts than pictures');
  const slots = variantSlots(csv, kept, before);
  const change = before ? 'updated' : 'created';
  if (slots.length > VARIANTS_MAX) {
    // At once: the rules compare variants and values with each other, and a file can have a hundred thousand of them.
    refuse('sku', `A product has ${VARIANTS_MAX} variants at most`);
    return { draft: kept, problems, change };
  }
  const options = optionsOf(csv, kept);
  const status = orKept(csv.status, kept.status) ?? 'draft';
  const draft: ProductDraft = {
    slug: csv.slug,
    title: needed('title', orKept(csv.title, kept.title)),
    description: orKept(csv.description, kept.description) ?? '',
    brandId:
      csv.brand === undefined
        ? kept.brandId
        : csv.brand === null
          ? null
          : (idOf(names.brands, csv.brand, 'brand')[0] ?? null),
    categoryIds:
      csv.categories === undefined
        ? kept.categoryIds
        : [...new Set((csv.categories ?? []).flatMap((slug) => idOf(names.categories, slug, 'categories')))],
    taxClass: orKept(csv.taxClass, kept.taxClass) ?? 'standard',
    attributes: attributesOf(csv, kept),
    imageAlts: csv.alts === undefined ? kept.imageAlts : altsByImage(csv.alts ?? [], before?.images ?? []),
    options,
    status,
    publishAt:
      csv.publishAt === undefined && status !== kept.status ? undefined : orKept(csv.publishAt, kept.publishAt),
    variants: slots.map(({ csv: row, kept: variant }) => (row ? variantOf(row, variant, options) : (variant ?? NONE))),
  };
  for (const { csv: row, kept: variant } of slots) {
    if (row && row.price == null && (row.price === null || variant === undefined)) {
      refuse('price', 'This can not be empty', row.line);
    }
  }
  const lineOf = ({ variant }: DraftProblem) =>
    (variant === undefined ? undefined : slots[variant]?.csv?.line) ?? csv.line;
  for (const problem of problemsOf(draft, { before, currency, taxClasses: names.taxClasses })) {
    refuse(columnOf(problem.field), problem.message, lineOf(problem));
  }
  const isSame = before !== undefined && fingerprint(draft) === fingerprint(kept);
  return { draft, problems, change: isSame ? 'unchanged' : change };
}

const NONE: VariantDraft = { sku: '', options: {}, price: 0 };

interface Slot {
  readonly csv?: CsvVariant;
  readonly kept?: VariantDraft;
}

/** Variants that are there, in their order, with what the file says of them; then those that are new. */
function variantSlots(csv: CsvProduct, kept: ProductDraft, before: ProductDoc | undefined): Slot[] {
  const rows = new Map(csv.variants.map((row) => [row.sku, row]));
  const known = new Set(kept.variants.map(({ sku }) => sku));
  return [
    ...(before?.variants ?? []).map((variant): Slot => {
      const row = rows.get(variant.sku);
      return { kept: variantDraftOf(variant), ...(row ? { csv: row } : {}) };
    }),
    ...csv.variants.filter(({ sku }) => !known.has(sku)).map((row): Slot => ({ csv: row })),
  ];
}

/** Values that are there keep their order, also those of no variant; new ones follow. */
function optionsOf(csv: CsvProduct, kept: ProductDraft): ProductDraft['options'] {
  if (csv.optionNames === undefined) return kept.options;
  return csv.optionNames.map((name, place) => {
    const there = kept.options.find((option) => option.name === name)?.values ?? [];
    return { name, values: [...new Set([...there, ...csv.variants.flatMap(({ choices }) => choices[place] ?? [])])] };
  });
}

function variantOf(row: CsvVariant, kept: VariantDraft | undefined, options: ProductDraft['options']): VariantDraft {
  const chosen = row.choices.every((choice) => choice === undefined)
    ? (kept?.options ?? {})
    : Object.fromEntries(
        row.choices.flatMap((choice, place) =>
          choice == null ? [] : [[options[place]?.name ?? `option${place + 1}`, choice]],
        ),
      );
  return {
    ...(kept?.id === undefined ? {} : { id: kept.id }),
    ...{ sku: row.sku, options: chosen, image: kept?.image },
    price: orKept(row.price, kept?.price) ?? 0,
    salePrice: orKept(row.salePrice, kept?.salePrice),
    saleFrom: orKept(row.saleFrom, kept?.saleFrom),
    saleUntil: orKept(row.saleUntil, kept?.saleUntil),
    // Of one that is there, stock moves by itself: what the file says is of another time.
    ...(kept ? {} : { stock: row.stock ?? 0 }),
  };
}

const altsByImage = (alts: readonly string[], images: readonly string[]): Record<string, string> =>
  Object.fromEntries(images.flatMap((image, place) => (alts[place] ? [[image, alts[place]]] : [])));

/** Attributes that are there keep their order; an empty cell takes one away. */
function attributesOf(csv: CsvProduct, kept: ProductDraft): Record<string, string> {
  const attributes = new Map(Object.entries(kept.attributes));
  for (const name of csv.attributeColumns) {
    const value = csv.attributes.get(name);
    if (value === undefined) attributes.delete(name);
    else attributes.set(name, value);
  }
  return Object.fromEntries(attributes);
}

const COLUMNS: Readonly<Record<string, string>> = {
  attributes: ATTRIBUTE,
  taxClass: 'tax_class',
  publishAt: 'publish_at',
  salePrice: 'sale_price',
  saleUntil: 'sale_until',
  options: 'option1_value',
  stock: 'initial_stock',
};

/** The column in which a field of a draft stands. */
function columnOf(field: string): string {
  const [, place] = /^options\.(\d)/.exec(field) ?? [];
  if (place !== undefined) return `option${Number(place) + 1}_name`;
  if (field.startsWith('attributes.')) return ATTRIBUTE + field.slice('attributes.'.length);
  return COLUMNS[field] ?? field;
}

/** Two drafts that mean the same have the same one, in whatever order their options and attributes were named. */
function fingerprint(draft: ProductDraft): string {
  const sorted = (record: Readonly<Record<string, string>>) =>
    Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  const {
    attributes,
    imageAlts,
    variants,
    publishAt,
    slug,
    title,
    description,
    brandId,
    categoryIds,
    taxClass,
    options,
    status,
  } = draft;
  return JSON.stringify([
    ...[slug, title, description, brandId, categoryIds, taxClass, status, publishAt ?? null],
    sorted(attributes),
    sorted(imageAlts ?? {}),
    options.map(({ name, values }) => [name, values]),
    variants.map(({ id, sku, options: chosen, price, salePrice, saleFrom, saleUntil, image }) => [
      ...[id, sku, sorted(chosen), price, salePrice, saleFrom ?? null, saleUntil ?? null, image],
    ]),
  ]);
}
