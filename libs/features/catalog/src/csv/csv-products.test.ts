import { CsvFormatError } from '@cartwright/platform-documents';
import { describe, expect, it } from 'vitest';
import { readHead, type CsvProblem } from './csv-columns.ts';
import { createProductCollector } from './csv-products.ts';
import { planProduct } from './plan-product.ts';

const names = { brands: new Map(), categories: new Map(), taxClasses: new Set(['standard']) };

/** The products of a table, and what is wrong with it. */
function collect(head: string[], ...rows: string[][]) {
  const problems: CsvProblem[] = [];
  const onProblem = (problem: CsvProblem) => void problems.push(problem);
  const collector = createProductCollector({ head: readHead(head).head, currency: 'USD', onProblem });
  rows.forEach((cells, place) => collector.add({ cells, line: place + 2 }));
  return { products: collector.products(), problems };
}

describe('a row of a file', () => {
  it('is kept as far as it says something', () => {
    const names = Array.from({ length: 50 }, (_, place) => `attribute:A${place}`);
    const empty = names.map(() => '');
    const { products } = collect(
      ['slug', 'sku', 'title', ...names],
      ['a', 'A', 'Mug', ...empty],
      ['b', 'B', ' ', ...empty.with(3, 'Clay')],
    );
    const [first, second] = products.map(
      (product) => product as typeof product & { said: ReadonlyMap<string, string> },
    );
    expect([first?.attributes.size, [...(first?.said ?? [])]]).toEqual([0, [['title', 'Mug']]]);
    expect([...(second?.attributes ?? [])]).toEqual([['A3', 'Clay']]);
    expect(second?.attributeColumns).toBe(first?.attributeColumns);
  });

  it('is refused when the file names more attributes than memory has room for', () => {
    const head = ['slug', 'sku', 'attribute:Material', 'attribute:Colour'];
    const collector = createProductCollector({
      ...{ head: readHead(head).head, currency: 'USD', attributesMax: 3, onProblem: () => undefined },
    });
    const add = (line: number, ...cells: string[]) => collector.add({ line, cells });
    add(2, 'a', 'A', 'Clay', '');
    add(3, 'a', 'B', 'Clay', '');
    add(4, 'b', 'C', 'Clay', 'Red');
    add(5, 'c', 'D', '', ' ');
    expect(() => add(6, 'd', 'E', 'Clay', '')).toThrow(new CsvFormatError(6, 'More than 3 attributes'));
  });

  it('says no more of its product than the first one did', () => {
    const { problems } = collect(
      ['slug', 'sku', 'title', 'brand'],
      ['a', 'A', 'Mug', ''],
      ['a', 'B', '', 'nord'],
      ['a', 'C', 'Mug', ''],
    );
    expect(problems).toEqual([{ line: 3, column: 'brand', message: 'Line 2 says something else of this product' }]);
  });
});

describe('a product', () => {
  it('of more variants than it may have is looked at no further', () => {
    const rows = Array.from({ length: 101 }, (_, place) => ['a', `A-${place}`, 'o', String(place)]);
    const { products } = collect(['slug', 'sku', 'option1_name', 'option1_value'], ...rows);
    const [csv] = products;
    if (!csv) throw new Error('There is no product');
    const { problems } = planProduct(csv, { before: undefined, names, currency: 'USD' });
    expect(problems).toEqual([{ line: 2, column: 'sku', message: 'A product has 100 variants at most' }]);
  });
});
