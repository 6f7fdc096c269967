import { expect, it } from 'vitest';
import { nightly } from './reconciling.ts';

it('the books are reconciled at the time that is set, in the zone of the shop', () => {
  const shop = { timezone: 'Europe/Berlin' } as Parameters<typeof nightly>[0]['shop'];
  const schedule = nightly({ reconciliation: { time: '03:05', settleSeconds: 0 }, shop });
  expect(schedule).toEqual({ pattern: '5 3 * * *', timezone: 'Europe/Berlin' });
});
