import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { drawSchedule } from './schedule.ts';
import type { Step } from './steps.ts';

const draw = (seed: number) => drawSchedule(createRandom(`race/${seed}`), { kills: 0.1 });
const seeds = Array.from({ length: 300 }, (_, index) => index);
const flat = (steps: readonly Step[]): Step[] =>
  steps.flatMap((step) => {
    if (step.do === 'after') return [step, ...flat([step.step])];
    return step.do === 'together' ? [step, ...flat(step.steps)] : [step];
  });

describe('a schedule', () => {
  it('is that of its seed, whenever it is drawn', () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('orders before anything else, and only what the round has', () => {
    for (const { buyers, products } of seeds.map(draw)) {
      for (const { steps, guest } of buyers) {
        expect(steps[0]?.do).toBe('place');
        const isCash = flat(steps).some((step) => step.do === 'place' && step.paymentMethod === 'cash_on_delivery');
        expect(guest !== undefined && isCash).toBe(false);
        const lines = flat(steps).flatMap((step) => (step.do === 'place' ? step.lines : []));
        expect(lines.every(({ product }) => product < products.length)).toBe(true);
      }
    }
  });

  it('has, over all seeds, everything that can happen', () => {
    const schedules = seeds.map(draw);
    const steps = new Set(
      schedules.flatMap(({ buyers }) => buyers.flatMap(({ steps: list }) => flat(list)).map((step) => step.do)),
    );
    const all = [
      ...['after', 'cancel', 'dispute', 'expires', 'hold-ends', 'pause', 'pay', 'place'],
      ...['refund', 'resolve', 'send', 'shop-cancels', 'together'],
    ];
    expect([...steps].toSorted()).toEqual(all);
    const faults = new Set(schedules.flatMap((schedule) => schedule.faults.map(({ what }) => what)));
    expect([...faults].toSorted()).toEqual([
      'coupon-off',
      'database',
      'forgotten-keys',
      'kill',
      'price',
      'provider',
      'recount',
      'webhooks',
    ]);
    expect(new Set(schedules.map(({ kind }) => kind)).size).toBe(4);
    expect(new Set(schedules.flatMap(({ buyers }) => buyers.map(({ guest }) => guest === undefined))).size).toBe(2);
    const refunds = schedules
      .flatMap(({ buyers }) => buyers.flatMap(({ steps: list }) => flat(list)))
      .filter((step) => step.do === 'refund');
    const pays = schedules
      .flatMap(({ buyers }) => buyers.flatMap(({ steps: list }) => flat(list)))
      .filter((step) => step.do === 'pay');
    expect(new Set(pays.map(({ how }) => how)).size).toBe(9);
    expect(new Set(schedules.map(({ coupon }) => coupon.discount.kind)).size).toBe(3);
    expect(refunds.some(({ bounce }) => bounce !== undefined)).toBe(true);
    const silences = new Set(refunds.map(({ silence }) => silence?.kind ?? 'none'));
    expect([...silences].toSorted()).toEqual(['disconnect', 'http_500', 'kept_500', 'none']);
  });
});
