import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createPrinter } from './print.ts';
import type { PrintedDocument } from './printed-document.ts';
import { textOfPages } from './read-pdf.fixture.ts';

const { print } = createPrinter();

const content = (rest: Partial<PrintedDocument> = {}): PrintedDocument => ({
  title: 'Invoice INV-000001',
  date: new Date('2026-01-15T12:00:00Z'),
  letterhead: ['Lamps Ltd', '2 High St'],
  blocks: [{ heading: 'Billed to', lines: ['Ada Buyer'] }],
  columns: [
    { heading: 'Article', share: 0.6, align: 'left' },
    { heading: 'Total', share: 0.4, align: 'right' },
  ],
  rows: [{ cells: ['Lamp', '$10.00'], detail: 'LAMP-1' }],
  sums: [{ label: 'Total', value: '$10.00' }],
  notes: ['Thank you.'],
  ...rest,
});

describe('a printed document', () => {
  it('says what it was given, in its order, and is named by its title', async () => {
    const pdf = await print(content());
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1')).toContain('(Invoice INV-000001)');
    expect(textOfPages(pdf)).toEqual([
      [
        ...['Lamps Ltd', '2 High St', 'Invoice INV-000001', 'Billed to', 'Ada Buyer', 'Article', 'Total'],
        ...['Lamp', '$10.00', 'LAMP-1', 'Total', '$10.00', 'Thank you.', 'Invoice INV-000001 · page 1 of 1'],
      ].join('\n'),
    ]);
  });

  it('is printed once the fonts can be read that could not be', async () => {
    let reads = 0;
    const printer = createPrinter({
      read: (path) => ((reads += 1) <= 2 ? Promise.reject(new Error('EMFILE')) : readFile(path)),
    });
    await expect(printer.print(content())).rejects.toThrow('EMFILE');
    await printer.print(content());
    await printer.print(content());
    expect(reads).toBe(4);
  });

  it('is the same to the byte each time, and another one for another content', async () => {
    const [first, second, other] = [
      await print(content()),
      await print(content()),
      await print(content({ notes: [] })),
    ];
    expect(second.equals(first)).toBe(true);
    expect(other.equals(first)).toBe(false);
  });

  it('goes on over as many pages as it takes, with the table’s head above its rows on each, and loses no row', async () => {
    const rows = Array.from({ length: 120 }, (_, index) => ({ cells: [`Lamp ${index}.`, '$1.00'] }));
    const pages = textOfPages(await print(content({ rows })));
    expect(pages.length).toBeGreaterThan(2);
    for (const [index, page] of pages.entries()) {
      if (page.includes('Lamp')) expect(page).toContain('Article\nTotal');
      expect(page.endsWith(`page ${index + 1} of ${pages.length}`)).toBe(true);
    }
    const all = pages.join('\n');
    expect(rows.filter(({ cells: [name = ''] }) => !all.includes(`${name}\n`))).toEqual([]);
  });

  it('shows names of many scripts, and text that is written from right to left in one piece', async () => {
    const names = ['Zażółć Gęślą', 'Ελένη Παπά', 'Юлия Щукина', 'Đặng Thị', 'Հայկ', 'გიორგი'];
    const [page = ''] = textOfPages(await print(content({ blocks: [{ heading: 'Billed to', lines: names }] })));
    expect(page.split('\n')).toEqual(expect.arrayContaining(names));
    const [other = ''] = textOfPages(await print(content({ blocks: [{ heading: 'B', lines: ['שלום עולם'] }] })));
    // As it stands on the paper, from left to right.
    expect(other).toContain([...'שלום עולם'].toReversed().join(''));
  });

  it('takes whatever people call themselves: nothing breaks it, and nothing turns it around', async () => {
    const strange = [
      '你好，世界',
      '\u{1F600}\u{1F468}\u200D\u{1F469}',
      'a\u0000b\u202Ec',
      '\uD800 half',
      '',
      ' ',
      '\uFFFF',
    ];
    const lines = [...strange, 'W'.repeat(120), '字'.repeat(200), `${'long '.repeat(80)}end`];
    const blocks = [{ heading: 'Billed to', lines }];
    const rows = lines.map((text) => ({ cells: [text, text.slice(0, 40)], detail: text }));
    const pages = textOfPages(await print(content({ blocks, rows, letterhead: lines.slice(0, 8) })));
    expect(pages.join('\n')).toContain('a b c');
    expect(pages.join('\n')).toContain('end');
  });

  it('keeps the sums together', async () => {
    const sums = Array.from({ length: 8 }, (_, index) => ({ label: `Sum ${index}`, value: '$1.00' }));
    // Where the first page ends, and a bit on both sides of it.
    for (let count = 26; count < 38; count += 1) {
      const rows = Array.from({ length: count }, () => ({ cells: ['Lamp', '$1.00'] }));
      const pages = textOfPages(await print(content({ rows, sums })));
      expect(pages.filter((page) => page.includes('Sum '))).toHaveLength(1);
    }
  }, 60_000);
});
