import { describe, expect, it } from 'vitest';
import { callWithoutServices as call, procedures as all } from './procedures.fixture.ts';

/** What administrators read that tells nothing of people. */
const IMPERSONAL = [
  'admin.coupons.list',
  'admin.coupons.byId',
  'admin.orders.counts',
  'admin.orders.previewRefund',
  'admin.orders.quarantine.list',
  'admin.settings.get',
  'admin.shipping.methods.list',
  'admin.tax.classes.list',
  'admin.tax.rates.list',
  'admin.products.list',
  'admin.products.byId',
  'admin.products.importStatus',
  'admin.products.exportStatus',
  'admin.products.stockLevels',
  'admin.products.stockMovements',
  'admin.categories.list',
  'admin.brands.list',
  'admin.analytics.overview',
  'admin.analytics.revenue',
  'admin.analytics.topSelling',
  'admin.analytics.highestRated',
  'admin.analytics.lowStock',
  'admin.analytics.couponUse',
  'admin.analytics.conversion',
  'admin.webhooks.list',
  'admin.reconciliation.reports',
  'admin.reconciliation.report',
  'admin.reconciliation.differences',
  'admin.jobs.queues',
  // Mail addresses are blurred there.
  'admin.jobs.deadLetters',
];

const procedures = all.filter(({ path }) => path.startsWith('admin.'));

describe('every procedure for administrators', () => {
  it.each(procedures)('$path is closed to guests and customers, and open to administrators', async ({ path }) => {
    expect((await call(path, null)).refusal).toBe('UNAUTHENTICATED');
    const { refusal, recorded } = await call(path, 'customer');
    expect(refusal).toBe('FORBIDDEN');
    expect(recorded).toEqual([]);
    expect((await call(path, 'admin')).refusal).not.toBe('FORBIDDEN');
  });

  it.each(procedures.filter(({ type }) => type === 'mutation'))('$path is recorded', async ({ path }) => {
    const { recorded } = await call(path, 'admin');
    expect(recorded.map(({ action, actor }) => [action, actor.id])).toEqual([[path, 'u']]);
  });

  it.each(procedures.filter(({ type }) => type === 'query'))(
    '$path is recorded when it tells of people',
    async ({ path }) => {
      const { recorded } = await call(path, 'admin');
      expect(recorded.map(({ action }) => action)).toEqual(IMPERSONAL.includes(path) ? [] : [path]);
    },
  );

  it.each(procedures.filter(({ path, type }) => path.startsWith('admin.users.') && type === 'mutation'))(
    '$path needs a step-up, and its lack is recorded',
    async ({ path }) => {
      const { refusal, recorded } = await call(path, 'admin', { steppedUp: false });
      expect(refusal).toBe('STEP_UP_REQUIRED');
      expect(recorded).toMatchObject([{ action: path, outcome: 'refused', details: { reason: 'STEP_UP_REQUIRED' } }]);
    },
  );
});
