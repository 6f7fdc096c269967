import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvFormatError, csvLine, readCsv, withoutGuard } from './index.ts';

const limits = { rows: 1_000, rowLength: 10_000 };
const bytesOf = (text: string) => new TextEncoder().encode(text);
const read = async (file: string | Uint8Array, given = limits) => {
  const rows = [];
  for await (const row of readCsv(typeof file === 'string' ? bytesOf(file) : file, given)) rows.push(row);
  return rows;
};
const cellsOf = async (file: string) => (await read(file)).map(({ cells }) => cells);
const refusal = (file: string | Uint8Array, given = limits): Promise<unknown> =>
  read(file, given).then(
    () => 'read',
    (error: unknown) => (error instanceof CsvFormatError ? [error.line, error.message] : error),
  );

describe('a table of comma-separated values', () => {
  it.each([
    ['lines of Unix', 'a,b\n1,2\n'],
    ['lines of Windows', 'a,b\r\n1,2'],
    ['a byte order mark', '\uFEFFa,b\n1,2\n'],
    ['empty lines', '\na,b\n\n1,2\n\n'],
    ['semicolons', 'a;b\n1;2\n'],
    ['quotes', '"a","b"\n"1","2"'],
  ])('is read with %s', async (_, file) => {
    expect(await cellsOf(file)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it('has quotes, commas and line ends within quotes, and says where rows begin', async () => {
    expect(await read('a,b\n"x ""y""\nz, ;",2\n\n3\n')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['x "y"\nz, ;', '2'] },
      { line: 5, cells: ['3'] },
    ]);
    expect(await read('')).toEqual([]);
  });

  it.each([
    ['that ends within a cell', 'a\n"b\nc', 2, 'A quoted cell does not end'],
    ['with text after a quote', 'a\n"b"c\n', 2, 'A quoted cell goes on after its end'],
    ['with a quote within a cell', 'a\nb"c"\n', 2, 'A quote stands in the middle of a cell'],
    ['of another encoding', Uint8Array.from([0x61, 0xe9]), 1, 'The file is not UTF-8 text'],
  ])('%s is refused with its line', async (_, file, line, message) => {
    expect(await refusal(file)).toEqual([line, message]);
  });

  it('is read up to its limits', async () => {
    expect(await refusal('a\n1\n2\n', { ...limits, rows: 2 })).toEqual([3, 'More than 2 rows']);
    expect(await refusal(`a\n${'x'.repeat(200)}\n`, { ...limits, rowLength: 100 })).toEqual([2, 'A row is too long']);
  });

  it('keeps the event loop free while it is read', async () => {
    const file = bytesOf(`a,b\n${'some text,other text\n'.repeat(20_000)}`);
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    let rows = 0;
    for await (const _row of readCsv(file, { ...limits, rows: 20_001 })) rows += 1;
    clearInterval(timer);
    expect(rows).toBe(20_001);
    expect(turns).toBeGreaterThan(1);
  });
});

describe('a table that is written', () => {
  it.each(['=cmd|"/c calc"!A1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', "'=1"])('runs nothing of %j', (text) => {
    expect(csvLine([text]).replace(/^"/, '')).toMatch(/^'/);
  });

  it('is read as it was, whatever was in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 4 }), {
          minLength: 1,
          maxLength: 5,
        }),
        async (table) => {
          const rows = table.map((cells) => ['x', ...cells]);
          const file = rows.map(csvLine).join('');
          expect((await cellsOf(`head,er\r\n${file}`)).slice(1).map((cells) => cells.map(withoutGuard))).toEqual(rows);
        },
      ),
    );
  });

  it('leaves an apostrophe that somebody else wrote', () => {
    expect(withoutGuard("'tis")).toBe("'tis");
    expect(withoutGuard("'=1")).toBe('=1');
  });
});
