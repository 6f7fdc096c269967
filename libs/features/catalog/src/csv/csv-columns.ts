/** Columns that tell of a product; they may stand in its first row alone. */
export const PRODUCT_COLUMNS = [
  ...['title', 'description', 'brand', 'categories', 'tax_class', 'status', 'publish_at'],
  ...['option1_name', 'option2_name', 'option3_name'],
  'picture_alts',
] as const;

/** Columns that tell of a variant. */
export const VARIANT_COLUMNS = [
  ...['sku', 'option1_value', 'option2_value', 'option3_value'],
  ...['price', 'sale_price', 'sale_from', 'sale_until', 'initial_stock'],
] as const;

/** Followed by the name of an attribute. */
export const ATTRIBUTE = 'attribute:';
/** More attributes than this stand in no file; those that are left out are left as they are by an import. */
export const ATTRIBUTES_MAX = 200;
/** Between the slugs of several categories, and the texts of several pictures. */
export const LIST_SEPARATOR = '|';

/** What is wrong with a file, and where; line 1 is the head. */
export interface CsvProblem {
  readonly line: number;
  readonly column: string;
  readonly message: string;
}

/** So many problems of a file are kept; of the others it is told how many there are. */
export const PROBLEMS_KEPT = 200;

/** Where each column of a file stands. */
export type CsvHead = ReadonlyMap<string, number>;

const KNOWN = new Set<string>(['slug', ...PRODUCT_COLUMNS, ...VARIANT_COLUMNS]);
const COLUMNS_MAX = 300;

/** Reads the first row of a file. Without `slug` and `sku` nobody knows what the rows are about. */
export function readHead(cells: readonly string[]): { head: CsvHead; problems: CsvProblem[] } {
  const head = new Map<string, number>();
  const problems: CsvProblem[] = [];
  const refuse = (column: string, message: string) => problems.push({ line: 1, column, message });
  if (cells.length > COLUMNS_MAX) refuse('', `More than ${COLUMNS_MAX} columns`);
  cells.slice(0, COLUMNS_MAX).forEach((cell, place) => {
    const name = nameOf(cell);
    if (head.has(name)) refuse(name, 'This column stands twice');
    else if (name === '') refuse(`#${place + 1}`, 'This column has no name');
    else if (!KNOWN.has(name) && !name.startsWith(ATTRIBUTE)) refuse(name, 'There is no such column');
    head.set(name, place);
  });
  for (const needed of ['slug', 'sku']) if (!head.has(needed)) refuse(needed, 'This column is missing');
  return { head, problems };
}

/** Attributes keep how they are written, the rest is no matter of capitals. */
function nameOf(cell: string): string {
  const trimmed = cell.trim().slice(0, 100);
  const isAttribute = trimmed.toLowerCase().startsWith(ATTRIBUTE);
  return isAttribute ? ATTRIBUTE + trimmed.slice(ATTRIBUTE.length).trim() : trimmed.toLowerCase();
}

/** The names of the attributes that a file has columns for. */
export const attributesOf = (head: CsvHead): string[] =>
  [...head.keys()].filter((name) => name.startsWith(ATTRIBUTE)).map((name) => name.slice(ATTRIBUTE.length));
