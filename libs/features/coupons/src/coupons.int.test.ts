import { DomainError } from '@cartwright/domain-errors';
import { newId } from '@cartwright/platform-mongo';
import { fixedClock, testMongo } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import {
  createCouponInspection,
  createCouponModels,
  createCouponRepository,
  createCouponService,
  type CreateCouponInput,
} from './index.ts';

const rules: CreateCouponInput = {
  code: 'Hello-5',
  discount: { kind: 'fixed', amount: 500 },
  includeSaleItems: true,
  active: true,
};
const lines = [{ lineId: 'l', productId: 'p', categoryIds: [], subtotal: 2_000, onSale: false }];

async function setUp(currency = 'USD') {
  const db = await testMongo();
  const { mongo } = db;
  const clock = fixedClock(new Date());
  const models = createCouponModels(mongo.connection);
  const repository = createCouponRepository(models);
  await mongo.ensureIndexes();
  const coupons = createCouponService({
    coupons: repository,
    mongo,
    currency,
    retentionSeconds: 604_800,
    clock,
  });

  const redeem = (customer: string, orderId: string = newId(), code = 'hello-5') =>
    mongo.transaction(async (tx) => {
      const usable = await coupons.evaluate({ code, lines, currency: 'USD', customer }, tx);
      if (!usable.ok) throw new DomainError('INVALID_INPUT', { message: usable.reason });
      const use = { orderNumber: `CW-${orderId.slice(0, 8)}`, discount: { amount: 500, currency: 'USD' } };
      await coupons.redeem({ usable, customer, orderId, ...use }, tx);
      return orderId;
    });
  const giveBack = (orderId: string) => mongo.transaction((tx) => coupons.giveBack(orderId, tx));
  const redeemed = async () => (await repository.byCode('HELLO-5'))?.redeemed;
  const dispose = () => db[Symbol.asyncDispose]();
  return { mongo, clock, models, repository, coupons, redeem, giveBack, redeemed, [Symbol.asyncDispose]: dispose };
}

const outcomes = async (work: Promise<unknown>[]) =>
  (await Promise.allSettled(work)).filter((result) => result.status === 'fulfilled').length;

describe('coupons', () => {
  it('are found whatever the case, and unique so', async () => {
    await using shop = await setUp();
    const created = await shop.coupons.create(rules);
    expect(created).toMatchObject({ code: 'HELLO-5', currency: 'USD', redeemed: 0 });
    await expect(shop.coupons.create({ ...rules, code: 'hello-5' })).rejects.toThrowError('CODE_TAKEN');
    expect(await shop.coupons.evaluate({ code: ' hElLo-5 ', lines, currency: 'USD' })).toMatchObject({ ok: true });
    expect(await shop.coupons.evaluate({ code: 'other', lines, currency: 'USD' })).toMatchObject({
      reason: 'COUPON_NOT_FOUND',
    });
    expect((await shop.coupons.list({ limit: 10 })).items).toEqual([created]);
  });

  it('are kept for a while after their end', async () => {
    await using shop = await setUp();
    const endsAt = new Date(shop.clock().getTime() + 1_000);
    await shop.coupons.create({ ...rules, endsAt });
    expect((await shop.repository.byCode('HELLO-5'))?.purgeAt).toEqual(new Date(endsAt.getTime() + 604_800_000));
    const indexes = await shop.models.coupons.collection.indexes();
    expect(indexes).toContainEqual(expect.objectContaining({ key: { purgeAt: 1 }, expireAfterSeconds: 0 }));
    shop.clock.advance(1_000);
    expect(await shop.coupons.evaluate({ code: 'hello-5', lines, currency: 'USD' })).toMatchObject({
      reason: 'COUPON_EXPIRED',
    });
    await expect(shop.coupons.create({ ...rules, code: 'X2', startsAt: endsAt, endsAt })).rejects.toThrowError(
      'INVALID_INPUT',
    );
  });

  it('hold both limits under races', async () => {
    await using shop = await setUp();
    await shop.coupons.create({ ...rules, totalLimit: 5, perCustomerLimit: 2 });
    expect(await outcomes(Array.from({ length: 8 }, () => shop.redeem('one')))).toBe(2);
    expect(await outcomes(Array.from({ length: 12 }, (_, index) => shop.redeem(`other-${index}`)))).toBe(3);
    expect(await shop.redeemed()).toBe(5);
    expect(await shop.repository.usesBy((await shop.repository.byCode('HELLO-5'))?._id ?? '', 'one')).toBe(2);
  });

  it('are used once by an order and given back once', async () => {
    await using shop = await setUp();
    await shop.coupons.create({ ...rules, perCustomerLimit: 1 });
    const orderId = await shop.redeem('one');
    await expect(shop.redeem('two', orderId)).rejects.toThrowError();
    expect(await shop.redeemed()).toBe(1);
    await Promise.all([shop.giveBack(orderId), shop.giveBack(orderId), shop.giveBack(newId())]);
    expect(await shop.redeemed()).toBe(0);
    await shop.redeem('one');
    await expect(shop.mongo.transaction((tx) => shop.coupons.redeemAgain(orderId, tx))).rejects.toThrowError(
      'COUPON_ALREADY_USED',
    );
    expect(await shop.redeemed()).toBe(1);
  });

  it('are given back also when they are gone', async () => {
    await using shop = await setUp();
    const { id } = await shop.coupons.create(rules);
    const orderId = await shop.redeem('one');
    await shop.models.coupons.deleteOne({ _id: id });
    await shop.giveBack(orderId);
    expect(await shop.repository.redemption(orderId)).toMatchObject({ status: 'given_back', code: 'HELLO-5' });
    await expect(shop.mongo.transaction((tx) => shop.coupons.redeemAgain(orderId, tx))).rejects.toThrowError(
      'COUPON_NOT_FOUND',
    );
  });

  it('are counted by what was used and what it took off, and list their orders', async () => {
    await using shop = await setUp();
    const { id } = await shop.coupons.create(rules);
    const first = await shop.redeem('one');
    shop.clock.advance(1_000);
    const second = await shop.redeem('guest@example.test');
    await shop.giveBack(first);
    expect((await shop.coupons.byId(id)).usage).toEqual({
      ...{ redeemed: 1, givenBack: 1, customers: 1 },
      discount: { amount: 500, currency: 'USD' },
    });
    const page = await shop.coupons.redemptions({ id, limit: 1 });
    expect(page.items).toHaveLength(1);
    const rest = await shop.coupons.redemptions({ id, limit: 5, cursor: page.nextCursor ?? '' });
    expect([...page.items, ...rest.items].map(({ orderId }) => orderId).toSorted()).toEqual([first, second].toSorted());
    expect([...page.items, ...rest.items]).toContainEqual({
      ...{ orderId: second, orderNumber: `CW-${second.slice(0, 8)}`, customer: 'guest@example.test' },
      ...{ status: 'redeemed', discount: { amount: 500, currency: 'USD' }, at: shop.clock() },
    });
    expect(rest.nextCursor).toBeNull();
    await expect(shop.coupons.byId(newId())).rejects.toThrowError('NOT_FOUND');
  });

  it('are changed as a whole by one administrator at a time, while uses stay counted', async () => {
    await using shop = await setUp();
    const endsAt = new Date(shop.clock().getTime() + 86_400_000);
    const { id, version } = await shop.coupons.create({ ...rules, endsAt, totalLimit: 9, minimum: 100 });
    await shop.coupons.create({ ...rules, code: 'OTHER' });
    await shop.redeem('one');
    const change = { ...rules, id, version, totalLimit: 1, productIds: ['p'] };
    const updated = await shop.coupons.update(change);
    expect(updated).toMatchObject({ totalLimit: 1, productIds: ['p'], redeemed: 1, version: version + 1 });
    expect(updated.endsAt ?? updated.minimum).toBeUndefined();
    expect((await shop.repository.byId(id))?.purgeAt).toBeUndefined();
    await expect(shop.redeem('two')).rejects.toMatchObject({ details: { message: 'COUPON_LIMIT_REACHED' } });
    await expect(shop.coupons.update(change)).rejects.toThrowError('VERSION_CONFLICT');
    const next = { ...change, version: version + 1 };
    await expect(shop.coupons.update({ ...next, code: 'other' })).rejects.toThrowError('CODE_TAKEN');
    await expect(shop.coupons.update({ ...next, startsAt: endsAt, endsAt })).rejects.toThrowError('INVALID_INPUT');
    await expect(shop.coupons.update({ ...next, id: newId() })).rejects.toThrowError('NOT_FOUND');
  });

  it('can be deleted: nobody uses them any more, and what was used is known', async () => {
    await using shop = await setUp();
    const { id } = await shop.coupons.create({ ...rules, perCustomerLimit: 1 });
    const orderId = await shop.redeem('one');
    await shop.coupons.remove(id);
    await expect(shop.coupons.remove(id)).rejects.toThrowError('NOT_FOUND');
    await expect(shop.redeem('two')).rejects.toMatchObject({ details: { message: 'COUPON_NOT_FOUND' } });
    await shop.giveBack(orderId);
    expect((await shop.coupons.redemptions({ id, limit: 5 })).items).toMatchObject([{ orderId, status: 'given_back' }]);
    await shop.coupons.create({ ...rules, perCustomerLimit: 1 });
    await shop.redeem('one');
  });

  it('hold their limit of ten against 500 racers', async () => {
    await using shop = await setUp();
    const { id } = await shop.coupons.create({ ...rules, totalLimit: 10 });
    // Within a process those who want the same coupon wait in line; eight processes race each other.
    const racers = Array.from({ length: 500 }, (_, index) => `racer-${index}`);
    let redeemed = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let racer = racers.pop(); racer !== undefined; racer = racers.pop()) {
          const won = await outcomes([shop.redeem(racer)]);
          redeemed += won;
        }
      }),
    );
    expect(redeemed).toBe(10);
    expect(await shop.redeemed()).toBe(10);
    expect((await shop.coupons.byId(id)).usage).toMatchObject({ redeemed: 10, customers: 10 });
  }, 60_000);

  it.each<[string, Partial<CreateCouponInput>]>([
    ['amount', { discount: { kind: 'fixed', amount: 1_005 } }],
    ['maximum', { discount: { kind: 'percentage', basisPoints: 1_000, maximum: 1_005 } }],
    ['minimum', { minimum: 5 }],
  ])('name no %s that nobody can pay', async (_, wrong) => {
    await using shop = await setUp('KWD');
    await expect(shop.coupons.create({ ...rules, ...wrong })).rejects.toMatchObject({ reason: 'INVALID_INPUT' });
    const { id, version } = await shop.coupons.create({ ...rules, minimum: 20 });
    const change = shop.coupons.update({ ...rules, ...wrong, id, version });
    await expect(change).rejects.toMatchObject({ reason: 'INVALID_INPUT' });
    expect((await shop.coupons.byId(id)).version).toBe(version);
  });

  it('leave no counters behind when MongoDB deletes them, whose names may be addresses', async () => {
    await using shop = await setUp();
    const { id } = await shop.coupons.create(rules);
    const lasting = await shop.coupons.create({ ...rules, code: 'LASTING' });
    await shop.redeem('guest@example.test');
    await shop.redeem('other@example.test');
    await shop.redeem('one', newId(), 'lasting');
    expect(await shop.coupons.removeLeftCounters()).toBe(0);
    await shop.models.coupons.deleteOne({ _id: id });
    expect(await shop.coupons.removeLeftCounters()).toBe(2);
    expect(await shop.models.customers.distinct('couponId')).toEqual([lasting.id]);
  });

  it('are gone through to the last when their counters are looked for', async () => {
    await using shop = await setUp();
    const counter = (couponId: string) => ({ _id: `${couponId}/one`, couponId, customer: 'one', count: 1 });
    await shop.models.customers.insertMany(['1', '2', '3', '4', '5'].map(counter));
    const swept = await shop.repository.removeCountersOfGone(undefined, 2);
    expect(swept).toEqual({ last: '2', removed: 2 });
    expect(await shop.repository.removeCountersOfGone(swept.last, 2)).toEqual({ last: '4', removed: 2 });
    expect(await shop.repository.removeCountersOfGone('4', 2)).toEqual({ last: undefined, removed: 1 });
  });

  it('can be switched off', async () => {
    await using shop = await setUp();
    const { id } = await shop.coupons.create(rules);
    expect(await shop.coupons.setActive(id, false)).toMatchObject({ active: false });
    expect(await shop.coupons.evaluate({ code: 'hello-5', lines, currency: 'USD' })).toMatchObject({
      reason: 'COUPON_INACTIVE',
    });
    await expect(shop.coupons.setActive(newId(), true)).rejects.toThrowError('NOT_FOUND');
  });
});

describe('customers of coupons', () => {
  it('are gone through by marks that tell of nobody, from whatever process', async () => {
    await using shop = await setUp();
    const doc = (couponId: string, customer: string) => ({
      _id: `${couponId}/${customer}`,
      couponId,
      customer,
      count: 1,
    });
    const all = ['a@x.test', 'b@x.test', 'c@x.test', 'user'].flatMap((who) => [doc('1', who), doc('2', who)]);
    await shop.models.customers.insertMany(all);
    const ids = all.map(({ _id }) => _id).toSorted();
    for (const isSame of [true, false]) {
      const first = createCouponInspection(shop.models);
      const found: string[] = [];
      for (let mark: string | undefined; ;) {
        expect(mark ?? '').not.toContain('@');
        const page = await (isSame ? first : createCouponInspection(shop.models)).customerIds(mark, 3);
        found.push(...page);
        const last = page.at(-1);
        if (last === undefined || page.length < 3) break;
        mark = first.customerMark(last);
      }
      expect(found).toEqual(ids);
    }
    // A coupon that was deleted meanwhile takes its counters along; the next one's follow.
    const mark = createCouponInspection(shop.models).customerMark('1/b@x.test');
    await shop.models.customers.deleteMany({ couponId: '1' });
    expect(await createCouponInspection(shop.models).customerIds(mark, 10)).toEqual(ids.slice(4));
  });
});
