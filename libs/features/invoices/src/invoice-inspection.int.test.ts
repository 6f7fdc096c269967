import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createInvoiceInspection } from './invoice-inspection.ts';
import { createInvoiceModels } from './invoice.model.ts';
import { buildOrder, invoicesFixture, paid } from './invoices.fixture.ts';

let shop: Awaited<ReturnType<typeof invoicesFixture>>;
let models: ReturnType<typeof createInvoiceModels>;
beforeAll(async () => {
  shop = await invoicesFixture();
  models = createInvoiceModels(shop.mongo.connection);
});
afterAll(() => shop[Symbol.asyncDispose]());
beforeEach(async () => {
  await models.invoices.deleteMany({});
  await models.counters.deleteMany({});
});

const series = () => {
  const inspection = createInvoiceInspection(models);
  return shop.mongo.transaction((tx) => inspection.series('invoice', tx));
};
const issue = async (count: number) => {
  for (let index = 0; index < count; index += 1) await shop.issuing.issue((await shop.place(buildOrder(paid))).id);
};

describe('an order that waits to be billed', () => {
  it('is told of until somebody has looked', async () => {
    const { waiting } = createInvoiceInspection(models);
    const { id } = await shop.place(buildOrder(paid));
    await shop.mongo.transaction((tx) => shop.issuing.ask(id, tx));
    expect(await waiting([id, 'another'])).toEqual(new Map([[id, shop.clock()]]));
    await shop.issuing.issue(id);
    expect(await waiting([id])).toEqual(new Map());
  });
});

describe('the numbers of a kind', () => {
  it('are those that were taken and issued, before the first too', async () => {
    expect(await series()).toEqual({ kind: 'invoice', taken: 0, issued: 0, last: 0 });
    await issue(9);
    expect(await series()).toEqual({ kind: 'invoice', taken: 9, issued: 9, last: 9 });
  });

  it.each([1, 4, 8, 9])('lack the first that is missing, as number %i of nine', async (sequence) => {
    await issue(9);
    await models.invoices.deleteOne({ sequence });
    expect(await series()).toMatchObject({ taken: 9, issued: 8, missing: `INV-00000${sequence}` });
  });

  it('may have been used without being taken', async () => {
    await issue(3);
    await models.counters.updateOne({ _id: 'invoice' }, { $set: { taken: 2 } });
    expect(await series()).toEqual({ kind: 'invoice', taken: 2, issued: 3, last: 3 });
  });

  it('are on one document each', async () => {
    await issue(1);
    const [document] = await models.invoices.find().lean();
    const again = { ...document, _id: 'again', number: 'INV-1', source: 'another' };
    await expect(models.invoices.collection.insertOne(again as never)).rejects.toMatchObject({ code: 11_000 });
  });
});
