import { DomainError, isDomainError, type Reason } from '@cartwright/domain-errors';
import type { JobContext } from '@cartwright/platform-queue';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { catalogFixture, clock, type CatalogFixture } from '../catalog.fixture.ts';
import { exportKey } from '@cartwright/platform-exports';

const DAY_MS = 24 * 3_600_000;
const refuses = (reason: Reason) => (error: unknown) => isDomainError(error, reason);
let shop: CatalogFixture;

beforeAll(async () => {
  shop = await catalogFixture();
});
afterEach(() => shop.files.away(false));
afterAll(() => shop[Symbol.asyncDispose]());

const going = () => ({ signal: new AbortController().signal }) as JobContext;
const run = (exportId: string) => shop.admin.csvProcessors['catalog.export-csv']({ exportId }, going());
const sweep = () => shop.admin.csvProcessors['catalog.sweep-csv']({}, going());
const statusOf = (userId: string, id: string) => shop.admin.csvTransfers.exportStatus(userId, id);

describe('an export', () => {
  it('answers the one under way, to whoever asked alone, and keeps the file for a day', async () => {
    const { csvTransfers } = shop.admin;
    const { id } = await csvTransfers.exportCsv('carl');
    expect((await csvTransfers.exportCsv('carl')).id).toBe(id);
    await run(id);
    const { url } = await csvTransfers.exportStatus('carl', id);
    expect(url).toMatch(/^https:\/\/files\.test\/private\/exports\/[0-9a-f]+\.csv\?as=products-2026-06-15\.csv$/);
    await expect(csvTransfers.exportStatus('bob', id)).rejects.toSatisfy(refuses('NOT_FOUND'));
    clock.advance(24 * 3_600_000);
    await sweep();
    expect(shop.files.bodies.has(exportKey(id))).toBe(false);
    await expect(csvTransfers.exportStatus('carl', id)).rejects.toSatisfy(refuses('NOT_FOUND'));
  });

  it('is refused in a shop that has no place for files', async () => {
    shop.files.away(true);
    for (let time = 0; time < 2; time += 1) {
      await expect(shop.admin.csvTransfers.exportCsv('dora')).rejects.toSatisfy(refuses('SERVICE_UNAVAILABLE'));
    }
    expect(await shop.mongo.connection.collection('csv_exports').countDocuments({ userId: 'dora' })).toBe(0);
  });

  it('has failed when nobody could write it, and is begun anew', async () => {
    const { id } = await shop.admin.csvTransfers.exportCsv('emil');
    shop.files.away(true);
    for (let time = 0; time < 10; time += 1) await expect(run(id)).rejects.toBeInstanceOf(DomainError);
    expect(await statusOf('emil', id)).toMatchObject({ state: 'pending' });
    await run(id);
    expect(await statusOf('emil', id)).toMatchObject({ state: 'failed' });
    shop.files.away(false);
    const { id: next } = await shop.admin.csvTransfers.exportCsv('emil');
    expect(next).not.toBe(id);
    await run(next);
    expect(await statusOf('emil', next)).toMatchObject({ state: 'done' });
  });

  it('that waited for a day is over, and one whose file can not be removed keeps no other', async () => {
    const { id: stuck } = await shop.admin.csvTransfers.exportCsv('finn');
    const { id: other } = await shop.admin.csvTransfers.exportCsv('gina');
    for (const id of [stuck, other]) await run(id);
    const { id: waiting } = await shop.admin.csvTransfers.exportCsv('finn');
    clock.advance(DAY_MS);
    shop.files.keep(exportKey(stuck));
    expect((await shop.admin.csvTransfers.exportCsv('finn')).id).not.toBe(waiting);
    await run(waiting);
    expect(shop.files.bodies.has(exportKey(waiting))).toBe(false);
    const enqueued = shop.jobs.length;
    await sweep();
    expect(shop.jobs.slice(enqueued)).not.toContainEqual({ exportId: waiting });
    expect([...shop.files.bodies.keys()]).toEqual([exportKey(stuck)]);
    await expect(statusOf('finn', waiting)).rejects.toSatisfy(refuses('NOT_FOUND'));
  });
});
