import { CsvFormatError, type CsvRow } from '@cartwright/platform-documents';
import type { ProductStatus } from '../product.model.ts';
import { readCell, READ, type Cell } from './csv-cells.ts';
import { ATTRIBUTE, attributesOf, PRODUCT_COLUMNS, type CsvHead, type CsvProblem } from './csv-columns.ts';

/** A row of a file, read. */
export interface CsvVariant {
  readonly line: number;
  readonly sku: string;
  /** By the place of the option. */
  readonly choices: readonly Cell<string>[];
  readonly price: Cell<number>;
  readonly salePrice: Cell<number>;
  readonly saleFrom: Cell<Date>;
  readonly saleUntil: Cell<Date>;
  readonly stock: Cell<number>;
}

/** All that a file says of a product. */
export interface CsvProduct {
  /** Of its first row. */
  readonly line: number;
  readonly slug: string;
  readonly title: Cell<string>;
  readonly description: Cell<string>;
  readonly brand: Cell<string>;
  readonly categories: Cell<readonly string[]>;
  readonly taxClass: Cell<string>;
  readonly status: Cell<ProductStatus>;
  readonly publishAt: Cell<Date>;
  /** In the order of the pictures; empty for one of which nothing is said. */
  readonly alts: Cell<readonly string[]>;
  /** Undefined where the file has no columns of options. */
  readonly optionNames: readonly string[] | undefined;
  /** The attributes that the file has columns for; the same list for all products of a file. */
  readonly attributeColumns: readonly string[];
  /** Those that are said: a file of many columns and rows has far more empty cells than memory has room for. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly variants: CsvVariant[];
  /** Whether all its rows could be read: of others nothing more can be said. */
  isWhole: boolean;
}

const PLACES = [1, 2, 3];
/** A file of 20 MB has room for ten million of them, and memory for a tenth of that. */
const FILE_ATTRIBUTES_MAX = 1_000_000;

/** A product, and the text of the cells of its first row that say something of it. */
type ToldProduct = CsvProduct & { said: ReadonlyMap<string, string> };

/**
 * Puts the rows of a file together to products, and collects what is wrong with them. `add` throws a CsvFormatError for a
 * file that names more attributes than are kept at once.
 */
export function createProductCollector({
  head,
  currency,
  onProblem,
  attributesMax = FILE_ATTRIBUTES_MAX,
}: {
  head: CsvHead;
  currency: string;
  onProblem: (problem: CsvProblem) => void;
  attributesMax?: number;
}) {
  const products = new Map<string, ToldProduct>();
  const skus = new Map<string, number>();
  const attributes = attributesOf(head);
  const productColumns = [...PRODUCT_COLUMNS, ...attributes.map((name) => ATTRIBUTE + name)].filter((name) =>
    head.has(name),
  );
  for (const name of attributes) {
    readCell(name || ' ', READ.attributeName, (message) => onProblem({ line: 1, column: ATTRIBUTE + name, message }));
    if (name === '') onProblem({ line: 1, column: ATTRIBUTE, message: 'The attribute has no name' });
  }

  const textOf = ({ cells }: CsvRow, column: string): string | undefined => {
    const place = head.get(column);
    return place === undefined ? undefined : (cells[place] ?? '');
  };

  /** Slugs of products whose rows can't all be read. */
  const faulty = new Set<string>();
  const refuse = (row: CsvRow, column: string, message: string): void => {
    onProblem({ line: row.line, column, message });
    faulty.add(slugOf(row));
  };
  const slugOf = (row: CsvRow): string => (textOf(row, 'slug') ?? '').trim().toLowerCase();

  let attributesTold = 0;
  function begin(row: CsvRow, slug: string): ToldProduct {
    attributesTold += attributes.filter((name) => textOf(row, ATTRIBUTE + name)?.trim()).length;
    if (attributesTold > attributesMax) throw new CsvFormatError(row.line, `More than ${attributesMax} attributes`);
    const read = <T>(column: string, how: (text: string) => T): Cell<T> =>
      readCell(textOf(row, column), how, (message) => refuse(row, column, message));
    const names = PLACES.map((place) => read(`option${place}_name`, READ.optionName));
    const given = names.flatMap((name) => name ?? []);
    if (names.slice(0, given.length).some((name) => name === null)) {
      refuse(row, 'option1_name', 'Options are counted from the first');
    }
    return {
      ...{ line: row.line, slug, variants: [], isWhole: true },
      title: read('title', READ.title),
      description: read('description', READ.description),
      brand: read('brand', READ.slug),
      categories: read('categories', READ.slugs),
      taxClass: read('tax_class', READ.taxClass),
      status: read('status', READ.status),
      publishAt: read('publish_at', READ.moment),
      alts: read('picture_alts', READ.alts),
      optionNames: names.every((name) => name === undefined) ? undefined : given,
      attributeColumns: attributes,
      attributes: toldOf(attributes, (name) => read(ATTRIBUTE + name, READ.attribute)),
      said: toldOf(productColumns, (column) => textOf(row, column)?.trim()),
    };
  }

  /** Later rows of a product repeat what the first one says, or say nothing. */
  function compare(row: CsvRow, said: ReadonlyMap<string, string>, line: number): void {
    for (const column of productColumns) {
      const text = textOf(row, column)?.trim();
      if (text && text !== said.get(column)) {
        refuse(row, column, `Line ${line} says something else of this product`);
      }
    }
  }

  function toVariant(row: CsvRow, sku: string): CsvVariant {
    const read = <T>(column: string, how: (text: string) => T): Cell<T> =>
      readCell(textOf(row, column), how, (message) => refuse(row, column, message));
    const price = (text: string) => READ.price(text, currency);
    return {
      ...{ line: row.line, sku },
      choices: PLACES.map((place) => read(`option${place}_value`, READ.optionValue)),
      price: read('price', price),
      salePrice: read('sale_price', price),
      saleFrom: read('sale_from', READ.moment),
      saleUntil: read('sale_until', READ.moment),
      stock: read('initial_stock', READ.pieces),
    };
  }

  return {
    add(row: CsvRow): void {
      const named = <T>(column: string, how: (text: string) => T): T | null | undefined =>
        readCell(textOf(row, column), how, (message) => refuse(row, column, message));
      const refuseEmpty = (column: string): void => {
        if ((textOf(row, column) ?? '').trim() === '') {
          refuse(row, column, 'This can not be empty');
        }
      };
      if (row.cells.length > head.size) {
        refuse(row, '', 'More cells than columns');
      }
      const [slug, sku] = [named('slug', READ.slug), named('sku', READ.sku)];
      refuseEmpty('slug');
      refuseEmpty('sku');
      const earlier = sku == null ? undefined : skus.get(sku);
      if (earlier !== undefined) {
        onProblem({ line: row.line, column: 'sku', message: `Line ${earlier} has this SKU already` });
      }
      if (sku != null && earlier === undefined) skus.set(sku, row.line);
      if (slug == null || sku == null) return;
      const known = products.get(slug);
      const product = known ?? begin(row, slug);
      if (known) compare(row, known.said, known.line);
      else products.set(slug, product);
      product.variants.push(toVariant(row, sku));
    },
    /** In the order of their first rows. */
    products: (): CsvProduct[] =>
      [...products.values()].map((product) => Object.assign(product, { isWhole: !faulty.has(product.slug) })),
  };
}

/** What stands in these columns, where something does. */
function toldOf(columns: readonly string[], cellOf: (column: string) => Cell<string>): Map<string, string> {
  const told = new Map<string, string>();
  for (const column of columns) {
    const text = cellOf(column);
    if (text) told.set(column, text);
  }
  return told;
}
