import { isDomainError, type Reason } from '@cartwright/domain-errors';
import { csvLine } from '@cartwright/platform-documents';
import { PostponeError, type JobContext } from '@cartwright/platform-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProductInput } from '../admin/product-edit.contracts.ts';
import { catalogFixture, clock, type CatalogFixture } from '../catalog.fixture.ts';
import { exportKey } from '@cartwright/platform-exports';

const refuses = (reason: Reason) => (error: unknown) => isDomainError(error, reason);
const ADA = { userId: 'ada' };
let shop: CatalogFixture;
let count = 0;

beforeAll(async () => {
  shop = await catalogFixture();
  const { brandAdmin, categoryAdmin } = shop.admin;
  await brandAdmin.create({ name: 'Nord', slug: 'nord' });
  for (const slug of ['home', 'tea']) await categoryAdmin.create({ name: slug, slug, parentId: null, position: 0 });
});
afterAll(() => shop[Symbol.asyncDispose]());

const run = (importId: string, signal: Pick<AbortSignal, 'aborted'> = { aborted: false }) =>
  shop.admin.csvProcessors['catalog.import-csv']({ importId }, { signal } as JobContext);
/** Asks for an import of a file; nobody does it yet. */
async function ask(file: string | Buffer, { dryRun = false } = {}): Promise<string> {
  const uploadId = `upload-${(count += 1)}`;
  shop.uploaded.add(uploadId, ADA.userId, file);
  return (await shop.admin.csvTransfers.importCsv({ ...ADA, intentId: `intent-${count}` }, { uploadId, dryRun })).id;
}
async function imported(file: string | Buffer, options?: { dryRun?: boolean }) {
  const id = await ask(file, options);
  await run(id);
  return shop.admin.csvTransfers.importStatus(id);
}
async function exported(): Promise<string> {
  const { id } = await shop.admin.csvTransfers.exportCsv(ADA.userId);
  await shop.admin.csvProcessors['catalog.export-csv']({ exportId: id }, {
    signal: new AbortController().signal,
  } as JobContext);
  expect(await shop.admin.csvTransfers.exportStatus(ADA.userId, id)).toMatchObject({ state: 'done' });
  return shop.files.bodies.get(exportKey(id)) ?? '';
}
const stored = (slug: string) => shop.products.findOne({ slug, deletedAt: null }).lean();
const all = async () => JSON.stringify(await shop.products.find().sort({ _id: 1 }).lean());
const table = (...rows: string[][]) => rows.map((cells) => csvLine(cells)).join('');

const HEAD = ['slug', 'sku', 'title', 'price', 'option1_name', 'option1_value', 'initial_stock'];
const mug = (slug: string) =>
  table(
    [...HEAD, 'brand', 'categories', 'status', 'attribute:Material'],
    [slug, `${slug}-S`, `Mug ${slug}`, '12.50', 'Size', 'S', '4', 'nord', 'tea|home', 'active', 'Clay'],
    [slug, `${slug}-M`, '', '15', '', 'M', '2'],
  );

describe('a file of products', () => {
  it('makes products with variants and first stock, and changes what it speaks of', async () => {
    expect(await imported(mug('first'))).toMatchObject({
      ...{ state: 'done', rows: 2, products: 1, applied: 1, created: 1, updated: 0, unchanged: 0, errors: [] },
    });
    expect(await stored('first')).toMatchObject({
      ...{
        title: 'Mug first',
        listed: true,
        priceFrom: 1_250,
        brand: { slug: 'nord' },
        attributes: [{ value: 'Clay' }],
      },
      categories: [{ slug: 'tea' }, { slug: 'home' }],
      variants: [
        { sku: 'first-S', available: 4 },
        { sku: 'first-M', price: 1_500, available: 2 },
      ],
    });
    const change = table(
      ['SKU', 'slug', 'price', 'sale_price', 'attribute:Material'],
      ['first-M', 'first', '16', '9.99', ''],
    );
    const received = shop.received.length;
    expect(await imported(change)).toMatchObject({ state: 'done', updated: 1 });
    expect(await stored('first')).toMatchObject({
      ...{ title: 'Mug first', attributes: [], priceFrom: 999, revision: 2 },
      variants: [
        { sku: 'first-S', price: 1_250 },
        { sku: 'first-M', price: 1_600, salePrice: 999, available: 2 },
      ],
    });
    expect(shop.received).toHaveLength(received);
  });

  it('says what pictures show, in their order', async () => {
    await imported(mug('shown'));
    await shop.products.updateOne({ slug: 'shown' }, { $set: { images: ['/a.svg', '/b.svg', '/c.svg'] } });
    const rows = (alts: string) => table(['slug', 'sku', 'picture_alts'], ['shown', 'shown-S', alts]);
    const told = async () => (await stored('shown'))?.imageAlts;
    expect(await imported(rows('|A mug | From above'))).toMatchObject({ state: 'done', updated: 1 });
    expect(await told()).toEqual([
      { image: '/b.svg', alt: 'A mug' },
      { image: '/c.svg', alt: 'From above' },
    ]);
    const file = await exported();
    expect(file).toContain('|A mug|From above');
    expect(await imported(file)).toMatchObject({ state: 'done', created: 0, updated: 0 });
    expect(await imported(rows('a|b|c|d'))).toMatchObject({
      ...{ state: 'refused', errors: [{ line: 2, column: 'picture_alts', message: 'More texts than pictures' }] },
    });
    expect(await imported(table(['slug', 'sku'], ['shown', 'shown-S']))).toMatchObject({ unchanged: 1 });
    expect(await imported(rows(''))).toMatchObject({ updated: 1 });
    expect(await told()).toBeUndefined();
  });

  it('names tax classes that there are', async () => {
    const rows = (taxClass: string) =>
      table(['slug', 'sku', 'title', 'price', 'tax_class'], ['taxed', 'TAXED', 'Taxed', '1', taxClass]);
    expect(await imported(rows('luxury'))).toMatchObject({
      ...{ state: 'refused', errors: [{ line: 2, column: 'tax_class', message: 'There is no such tax class' }] },
    });
    expect(await stored('taxed')).toBeNull();
    expect(await imported(rows('reduced'))).toMatchObject({ state: 'done', created: 1 });
    expect(await stored('taxed')).toMatchObject({ taxClass: 'reduced' });
  });

  it('says in a dry run what would become of it, and changes nothing', async () => {
    const before = await all();
    expect(await imported(mug('dry'), { dryRun: true })).toMatchObject({ state: 'done', created: 1, applied: 0 });
    expect(await all()).toBe(before);
  });

  it('comes back from an export without changing anything', async () => {
    await shop.admin.productEditor.create(
      createProductInput.parse({
        ...{ title: '=cmd|"/c calc"!A1', slug: 'strange', description: '\'Quoted\', "so"\nand; so', status: 'active' },
        publishAt: new Date(clock().getTime() + 86_400_123),
        attributes: { 'Care; how': "-40 °C, 'really'", Empty: '+1' },
        options: [
          { name: 'Size', values: ['L', 'S', 'never made'] },
          { name: 'Hue', values: ['=Red', 'Blue'] },
        ],
        variants: [
          { sku: 'ST-1', options: { Hue: 'Blue', Size: 'S' }, price: 5, salePrice: 4, saleUntil: new Date(5e12) },
          { sku: 'ST-2', options: { Size: 'L', Hue: '=Red' }, price: 100_000_000_000, stock: 3 },
        ],
      }),
    );
    const file = await exported();
    expect(file).toContain(`"'=cmd|""/c calc""!A1"`);
    expect(file).not.toMatch(/(^|,)"?[=+\-@]/m);
    const before = await all();
    const again = await imported(file);
    expect(again).toMatchObject({ state: 'done', created: 0, updated: 0, errorCount: 0 });
    expect(again.unchanged).toBe(again.products);
    expect(await all()).toBe(before);
    expect(await exported()).toBe(file);
  });

  it.each<[string, string | Buffer, { line: number; column: string }[]]>([
    ['without rows', 'slug,sku\n', [{ line: 1, column: '' }]],
    ['that is empty', '', [{ line: 1, column: '' }]],
    ['without a column that it needs', 'slug,title\nx,y\n', [{ line: 1, column: 'sku' }]],
    ['with a column nobody knows', 'slug,sku,colour\n', [{ line: 1, column: 'colour' }]],
    ['with a column twice', 'slug,sku,SKU\n', [{ line: 1, column: 'sku' }]],
    [
      'with an attribute that would be a prototype',
      'slug,sku,attribute:__proto__\n',
      [{ line: 1, column: 'attribute:__proto__' }],
    ],
    ['of another encoding', Buffer.from([0x73, 0xff]), [{ line: 1, column: '' }]],
    ['that ends within quotes', 'slug,sku\n"x', [{ line: 2, column: '' }]],
    ['with a SKU twice', 'slug,sku,title,price\na,A,A,1\nb,A,B,1\n', [{ line: 3, column: 'sku' }]],
    ['with a SKU of another', 'slug,sku,title,price\na,first-S,A,1\n', [{ line: 2, column: 'sku' }]],
    [
      'with two titles',
      'slug,sku,title,price,option1_name,option1_value\na,A,A,1,o,1\na,B,B,1,,2\n',
      [{ line: 3, column: 'title' }],
    ],
    [
      'without title and price',
      'slug,sku\na,A\n',
      [
        { line: 2, column: 'title' },
        { line: 2, column: 'price' },
      ],
    ],
    ['with cells too many', 'slug,sku\na,A,x\n', [{ line: 2, column: '' }]],
    ['with a brand nobody knows', 'slug,sku,title,price,brand\na,A,A,1,none\n', [{ line: 2, column: 'brand' }]],
    [
      'with options that do not fit',
      'slug,sku,title,price,option1_name,option1_value\na,A,A,1,o,1\na,B,,1,,\n',
      [{ line: 3, column: 'option1_value' }],
    ],
    ['with a dear sale', 'slug,sku,title,price,sale_price\na,A,A,1,2\n', [{ line: 2, column: 'sale_price' }]],
  ])('%s is refused with line and column', async (_, file, expected) => {
    const before = await all();
    const status = await imported(file);
    expect(status.state).toBe('refused');
    expect(status.errors.map(({ line, column }) => ({ line, column }))).toEqual(expected);
    expect(await all()).toBe(before);
  });

  it.each([
    ['price', '-1'],
    ['price', '1.005'],
    ['price', '1e3'],
    ['price', '1,5'],
    ['price', '999999999999'],
    ['price', '٣'],
    ['sale_from', '2026-02-31T00:00:00Z'],
    ['sale_from', '01.02.2026'],
    ['initial_stock', '1.5'],
    ['initial_stock', '1000001'],
    ['title', 'a\u202Eb'],
    ['title', 'x'.repeat(10_000)],
    ['status', 'gone'],
    ['categories', 'tea|No Slug'],
  ])('%s can not be %j, and nothing of the file is kept', async (column, text) => {
    const cells: Record<string, string> = { slug: 'wrong', sku: 'WRONG', title: 'Wrong', price: '1', [column]: text };
    const good = table(
      Object.keys(cells),
      Object.values({ ...cells, [column]: '', slug: 'good', sku: 'GOOD', title: 'G', price: '1' }),
    );
    const status = await imported(good + csvLine(Object.values(cells)));
    expect(status).toMatchObject({ state: 'refused', created: 0 });
    expect(status.errors).toMatchObject([{ line: 3, column }]);
    expect(await stored('good')).toBeNull();
  });

  it('has a hundred thousand rows at most', async () => {
    const status = await imported(`slug,sku\n${'x,y\n'.repeat(100_001)}`);
    expect(status).toMatchObject({ state: 'refused', created: 0 });
    expect(status.errors).toHaveLength(200);
    expect(status.errors).toContainEqual({ line: 100_002, column: '', message: 'More than 100001 rows' });
  });

  it('goes on where a worker was interrupted, and does nothing twice', async () => {
    const rows = Array.from({ length: 6 }, (_, place) => [
      `go-${place}`,
      `GO-${place}`,
      `Go ${place}`,
      '1',
      '',
      '',
      '5',
    ]);
    const id = await ask(table(HEAD, ...rows));
    let looks = 0;
    const ending = {
      get aborted() {
        return (looks += 1) > 4;
      },
    };
    const received = shop.received.length;
    await expect(run(id, ending)).rejects.toBeInstanceOf(PostponeError);
    expect(await shop.admin.csvTransfers.importStatus(id)).toMatchObject({ state: 'applying', applied: 3, created: 3 });
    await Promise.all([run(id), run(id)]);
    expect(await shop.admin.csvTransfers.importStatus(id)).toMatchObject({
      ...{ state: 'done', applied: 6, created: 6, unchanged: 0, updated: 0 },
    });
    expect(shop.received).toHaveLength(received + 6);
    expect(await shop.products.countDocuments({ slug: /^go-/ })).toBe(6);
    await run(id);
    expect(await shop.products.countDocuments({ slug: /^go-/, version: 1 })).toBe(6);
  });

  it('is left to whoever was faster when a worker wakes up late', async () => {
    const rows = Array.from({ length: 6 }, (_, place) => [`wake-${place}`, `WAKE-${place}`, `Wake ${place}`, '1']);
    const id = await ask(table(['slug', 'sku', 'title', 'price'], ...rows));
    let looks = 0;
    const ending = {
      get aborted() {
        return (looks += 1) > 3;
      },
    };
    await expect(run(id, ending)).rejects.toBeInstanceOf(PostponeError);
    const { taken, release } = shop.uploaded.hold(`upload-${count}`);
    const late = run(id);
    await taken;
    looks = 1;
    await expect(run(id, ending)).rejects.toBeInstanceOf(PostponeError);
    const before = await shop.admin.csvTransfers.importStatus(id);
    expect(before).toMatchObject({ state: 'applying', applied: 4 });
    release();
    await late;
    expect(await shop.admin.csvTransfers.importStatus(id)).toEqual(before);
  });

  it('leaves alone what somebody took after it was checked, and says so', async () => {
    const rows = ['one', 'two', 'three'].map((name) => [`late-${name}`, `LATE-${name}`, name, '1']);
    const id = await ask(table(['slug', 'sku', 'title', 'price'], ...rows));
    let looks = 0;
    const ending = {
      get aborted() {
        return (looks += 1) > 2;
      },
    };
    await expect(run(id, ending)).rejects.toBeInstanceOf(PostponeError);
    const taken = { title: 'Taken', slug: 'taken', variants: [{ sku: 'LATE-two', price: 1 }] };
    await shop.admin.productEditor.create(createProductInput.parse(taken));
    await run(id);
    expect(await shop.admin.csvTransfers.importStatus(id)).toMatchObject({
      ...{ state: 'done', applied: 3, created: 2, skipped: 1 },
      errors: [{ line: 3, column: 'sku' }],
    });
  });

  it('makes no product of a tax class that went after it was checked', async () => {
    const rows = ['one', 'two'].map((name) => [`gone-${name}`, `GONE-${name}`, name, '1', 'zero']);
    const id = await ask(table(['slug', 'sku', 'title', 'price', 'tax_class'], ...rows));
    let looks = 0;
    // Looked at once while it is checked, then before each product.
    const going = {
      get aborted() {
        if ((looks += 1) === 3) shop.taxClasses.delete('zero');
        return false;
      },
    };
    try {
      await run(id, going);
    } finally {
      shop.taxClasses.add('zero');
    }
    expect(await shop.admin.csvTransfers.importStatus(id)).toMatchObject({
      ...{ state: 'done', applied: 2, created: 1, skipped: 1 },
      errors: [{ line: 3, column: 'tax_class' }],
    });
    expect(await stored('gone-two')).toBeNull();
  });

  it('is kept by its import until that is over, however it ends', async () => {
    const holders = () => shop.uploaded.holders(`upload-${count}`);
    const id = await ask(mug('kept'));
    expect(holders()).toEqual([id]);
    await expect(run(id, { aborted: true })).rejects.toBeInstanceOf(PostponeError);
    expect(holders()).toEqual([id]);
    await run(id);
    expect(holders()).toEqual([]);
    for (const [file, dryRun] of [
      [mug('kept'), true],
      ['slug,sku\n', false],
    ] as const) {
      await imported(file, { dryRun });
      expect(holders()).toEqual([]);
    }
  });

  it.each([
    ['attribute', ['slug', 'sku', 'title', 'price'], (place: number) => `attribute:A${place}`, ['attribute:']],
    ['option value', ['slug', 'sku', 'title', 'price', 'option1_name', 'option1_value'], null, ['option1_name']],
  ] as const)('is refused with an %s too many for a product', async (_, columns, nameOf, expected) => {
    const places = Array.from({ length: 51 }, (_each, place) => place);
    const first = ['many', 'MANY', 'Many', '1'];
    const file = nameOf
      ? (many: number[]) => table([...columns, ...many.map(nameOf)], [...first, ...many.map(String)])
      : (many: number[]) =>
          table([...columns], ...many.map((place) => ['many', `MANY-${place}`, 'Many', '1', 'Size', String(place)]));
    const status = await imported(file(places));
    expect([status.state, status.errors.map(({ column }) => column)]).toEqual(['refused', expected]);
    expect(await imported(file(places.slice(1)), { dryRun: true })).toMatchObject({ state: 'done', created: 1 });
  });

  it('at which workers die again and again is given up', async () => {
    const id = await ask(mug('poison'));
    for (let died = 0; died < 5; died += 1) {
      const signal = {
        get aborted(): boolean {
          throw new Error('killed');
        },
      };
      // A worker that is killed says nothing: its attempt stays counted.
      await run(id, signal).catch(() => undefined);
      await shop.mongo.connection.collection('csv_imports').updateOne({ _id: id as never }, { $inc: { attempts: 1 } });
    }
    await run(id);
    expect(await shop.admin.csvTransfers.importStatus(id)).toMatchObject({ state: 'failed' });
    expect(shop.uploaded.holders(`upload-${count}`)).toEqual([]);
    expect(await stored('poison')).toBeNull();
  });
});

describe('asking for it', () => {
  it('twice with one intent has one import, and takes nobody else’s file', async () => {
    shop.uploaded.add('mine', ADA.userId, mug('asked'));
    const intent = { ...ADA, intentId: 'asked' };
    const asked = await Promise.all(
      [1, 2, 3].map(() => shop.admin.csvTransfers.importCsv(intent, { uploadId: 'mine', dryRun: true })),
    );
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
    const theirs = shop.admin.csvTransfers.importCsv(
      { userId: 'bob', intentId: 'bob' },
      { uploadId: 'mine', dryRun: true },
    );
    await expect(theirs).rejects.toSatisfy(refuses('NOT_FOUND'));
    shop.uploaded.remove('mine');
    await run(asked[0]?.id ?? '');
    expect(await shop.admin.csvTransfers.importStatus(asked[0]?.id ?? '')).toMatchObject({ state: 'failed' });
    await expect(shop.admin.csvTransfers.importStatus('none')).rejects.toSatisfy(refuses('NOT_FOUND'));
  });
});
