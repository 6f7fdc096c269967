import { createHash, randomBytes } from 'node:crypto';
import type { CatalogVariant } from '@cartwright/feature-cart';
import { createCartModel, createCartRepository, createCartService } from '@cartwright/feature-cart';
import { createCouponModels, createCouponRepository, createCouponService } from '@cartwright/feature-coupons';
import { createInventoryService, createStockModels, createStockRepository } from '@cartwright/feature-inventory';
import { createIdempotencyRecords, nameIntent } from '@cartwright/platform-idempotency';
import { createMails } from '@cartwright/platform-mail';
import { newId } from '@cartwright/platform-mongo';
import { createOutbox } from '@cartwright/platform-outbox';
import { collectingLogger, collectingQueues, fixedClock, testMongo, testRedis } from '@cartwright/testkit';
import { createOrderOffice } from './create-order-office.ts';
import { createOrders } from './create-orders.ts';
import { createGuestBuyerModel } from './guest-buyer.model.ts';
import { createGuestBuyerRepository } from './guest-buyer-repository.ts';
import { address, buildVariant } from './order-builders.fixture.ts';
import { createOrderModel } from './order.model.ts';
import { fakeLedger, fakePayments, STAFF_REFUND_LIMIT, testSettings } from './order-ports.fixture.ts';
import { createOrderRepository } from './order-repository.ts';
import type { Order, OrderRefund } from './order.ts';
import type { PlaceOrderInput } from './orders.contracts.ts';
import type { ShopSettingsPort } from './orders.ports.ts';
import type { Buyer } from './quotes.ts';

const secret = 'a-secret-of-thirty-two-characters-or-more';

/** The features of a purchase on real MongoDB and Redis, with a catalog and payments made up. */
export async function createTestShop(
  options: { maximumPendingOrders?: number; maximumPendingPerNetwork?: number } = {},
) {
  const db = await testMongo();
  const cache = await testRedis();
  const { mongo } = db;
  // Of today: what it makes must not look expired to the database.
  const clock = fixedClock(new Date());
  const { logger, lines: logLines } = collectingLogger();
  const outbox = createOutbox({ mongo, redis: cache.redis, clock });
  const catalog = new Map<string, CatalogVariant>();
  const settings = testSettings(options.maximumPendingOrders, options.maximumPendingPerNetwork);
  const state = { settings };
  const payments = fakePayments();
  const banned = new Set<string>();

  const stockModels = createStockModels(mongo.connection);
  const couponModels = createCouponModels(mongo.connection);
  const cartRepository = createCartRepository({ carts: createCartModel(mongo.connection) });
  const orderRepository = createOrderRepository({ orders: createOrderModel(mongo.connection) });
  const guests = createGuestBuyerRepository({ guests: createGuestBuyerModel(mongo.connection) });
  const mails = createMails({ mongo, queues: collectingQueues(), logger, clock });
  const records = createIdempotencyRecords({ mongo, clock });
  await mongo.ensureIndexes();
  await outbox.ensureIndexes();
  await mails.ensureIndexes();

  const stockRepository = createStockRepository(stockModels);
  const stock = createInventoryService({ mongo, stock: stockRepository, records, outbox, clock });
  const couponRepository = createCouponRepository(couponModels);
  const coupons = createCouponService({
    coupons: couponRepository,
    mongo,
    currency: 'USD',
    retentionSeconds: 604_800,
    clock,
  });
  const carts = createCartService({
    mongo,
    carts: cartRepository,
    catalog: { variantsByIds: async (ids) => ids.flatMap((id) => catalog.get(id) ?? []) },
    coupons,
    tokens: {
      create: () => randomBytes(16).toString('base64url'),
      hash: (token) => createHash('sha256').update(token).digest('base64url'),
    },
    settings: { currency: 'USD', taxMode: 'exclusive', guestCartSeconds: 2_592_000, lowStockThreshold: 5 },
    clock,
  });
  const dependencies = {
    mongo,
    orders: orderRepository,
    records,
    carts,
    coupons,
    stock,
    payments: payments.port,
    buyers: {
      byId: async (userId: string) => ({ email: `${userId}@cartwright.test`, name: 'Ada Buyer', emailVerified: true }),
      isBanned: async (userId: string) => banned.has(userId),
    },
    streams: { subscribe: async function* () {} },
    outbox,
    settings: { current: async () => state.settings },
    guests,
    mails,
    lookups: { consume: async () => {} },
    secret,
    randomBytes,
    logger,
    clock,
  };
  /** The service as another process of the shop would have it: what one keeps in memory, the other doesn't know. */
  const instance = (random: (length: number) => Uint8Array = randomBytes) =>
    createOrders({ ...dependencies, randomBytes: random });
  const orders = instance();
  const ledger = fakeLedger(mongo);
  const office = createOrderOffice({ ...dependencies, ledger: ledger.port, staffRefundLimit: STAFF_REFUND_LIMIT });

  /** Puts a variant up for sale with so many pieces. */
  async function stockUp(
    variantId: string,
    onHand: number,
    rest: Partial<CatalogVariant> = {},
  ): Promise<CatalogVariant> {
    const variant = buildVariant(variantId, { available: onHand, ...rest });
    catalog.set(variantId, variant);
    await mongo.transaction((tx) => stock.receive([{ variantId, productId: variant.productId, onHand }], tx));
    return variant;
  }

  const intentOf = (procedure: string, caller: string, input: object, key: string) =>
    nameIntent({ caller, procedure, key, input });
  const nameOf = (buyer: Buyer): string => ('userId' in buyer ? `user:${buyer.userId}` : `cart:${buyer.cartToken}`);
  const place = (buyer: Buyer, input: PlaceOrderInput, key: string = newId(), service = orders) =>
    service.place(buyer, input, intentOf('orders.place', nameOf(buyer), input, key));
  const cancel = (userId: string, input: { orderId: string; restoreCart?: boolean }, key: string = newId()) =>
    orders.cancel({ userId }, input, intentOf('orders.cancel', `user:${userId}`, input, key));

  /** Books the money of an order, as the payments feature does. */
  const capture = ({ id: orderId, total: amount }: { id: string; total: Order['total'] }) =>
    mongo.transaction(async (tx) => {
      const paymentId = `pay-${orderId}`;
      await ledger.capture(paymentId, amount.amount, tx);
      await orders.recordPayment({ orderId, paymentId, amount, at: clock() }, tx);
    });
  /** Tells what became of a refund. */
  const settleRefund = async (
    orderId: string,
    refundId: string,
    status: 'succeeded' | 'failed',
    waitsFor?: OrderRefund['waitsFor'],
  ) => {
    const refund = (await orders.load(orderId)).refunds.find(({ id }) => id === refundId);
    if (!refund?.paymentId) throw new Error('There is no such refund');
    const { paymentId, amount } = refund;
    await mongo.transaction(async (tx) => {
      if (status === 'failed') await ledger.release(paymentId, amount.amount, tx);
      await orders.recordRefund(
        { orderId, refundId, paymentId, amount, status, ...(waitsFor && { waitsFor }), at: clock() },
        tx,
      );
    });
  };
  /** An intent of a member of staff. */
  const staffIntent = (procedure: string, input: object, key: string = newId()) =>
    intentOf(procedure, 'user:staff', input, key);

  /** A buyer with a cart, and the input that places it as quoted. */
  async function readyToPlace(
    items: Record<string, number>,
    {
      userId = `user-${newId()}`,
      coupon,
      ...rest
    }: Partial<PlaceOrderInput> & { userId?: string; coupon?: string } = {},
  ) {
    for (const [variantId, quantity] of Object.entries(items)) await carts.addItem({ userId }, { variantId, quantity });
    if (coupon !== undefined) await carts.applyCoupon({ userId }, coupon);
    const buyer = { userId, emailVerified: true };
    const choice = {
      shippingAddress: address,
      shippingMethod: 'standard',
      paymentMethod: 'stripe_checkout' as const,
      ...rest,
    };
    return { buyer, ...(await quoted(buyer, choice)) };
  }

  /** A guest with a cart, and the input that places it as quoted. */
  async function guestReadyToPlace(
    items: Record<string, number>,
    {
      email = `${newId()}@guest.test`,
      ip = '192.0.2.1',
      coupon,
    }: { email?: string; ip?: string; coupon?: string } = {},
  ) {
    let cartToken: string | undefined;
    for (const [variantId, quantity] of Object.entries(items)) {
      cartToken = (await carts.addItem({ cartToken }, { variantId, quantity })).cartToken ?? cartToken;
    }
    if (coupon !== undefined) await carts.applyCoupon({ cartToken }, coupon);
    const buyer = { cartToken, email, ip };
    const choice = { shippingAddress: address, shippingMethod: 'standard', paymentMethod: 'stripe_checkout' as const };
    return { buyer, ...(await quoted(buyer, { ...choice, email })) };
  }

  async function quoted(buyer: Buyer, choice: Omit<PlaceOrderInput, 'quoteHash' | 'cartVersion'>) {
    const quote = await orders.quote(buyer, choice);
    const input: PlaceOrderInput = { ...choice, quoteHash: quote.quoteHash, cartVersion: quote.cartVersion };
    return { quote, input, place: (key?: string, service = orders) => place(buyer, input, key, service) };
  }

  /** What a variant's level is, and what its movements sum to. */
  async function stockOf(variantId: string) {
    const level = (await stock.levels([variantId])).get(variantId);
    const movements = await stockRepository.movementsOf(variantId);
    const sum = (pick: (movement: (typeof movements)[number]) => number) => movements.reduce((a, b) => a + pick(b), 0);
    return {
      onHand: level?.onHand,
      reserved: level?.reserved,
      moved: { onHand: sum((m) => m.deltaOnHand), reserved: sum((m) => m.deltaReserved) },
    };
  }

  const eventTypes = async (): Promise<string[]> => {
    const rows = await mongo.connection.collection('outbox').find().toArray();
    return rows.map((row) => String(row['type'])).toSorted();
  };

  return {
    mongo,
    clock,
    catalog,
    settings,
    /** What every instance goes by from its next call on. */
    useSettings: (next: ShopSettingsPort) => void (state.settings = next),
    payments: payments.state,
    /** Ids of users who are banned. */
    banned,
    logLines,
    stock,
    stockModels,
    coupons,
    couponRepository,
    carts,
    cartRepository,
    orders,
    office,
    ledger,
    capture,
    settleRefund,
    staffIntent,
    place,
    cancel,
    intentOf,
    instance,
    orderRepository,
    stockUp,
    readyToPlace,
    guestReadyToPlace,
    mails: mongo.connection.collection<{ _id: string; to?: string; template: string; data: { guestSeed?: string } }>(
      'mails',
    ),
    secret,
    stockOf,
    eventTypes,
    [Symbol.asyncDispose]: async () => {
      await db[Symbol.asyncDispose]();
      await cache[Symbol.asyncDispose]();
    },
  };
}

/** The reason a promise was refused with; undefined when it was not. */
export async function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error instanceof Error && 'reason' in error ? error.reason : error;
  }
}
