import { randomBytes } from 'node:crypto';
import { composeShop, type Composition } from '@cartwright/composition';
import { loadConfig } from '@cartwright/platform-config';
import {
  createCartwright,
  newIdempotencyKey,
  type Cartwright,
  type CartwrightOptions,
  type RouterOutputs,
} from '@cartwright/sdk';
import { freePort, testFilesEnvironment, testMongoUri, testRedisUrl } from '@cartwright/testkit';
import { startMailbox, type RunningMailbox } from '@cartwright/tool-mailbox';
import { payCheckoutSession, startStripeStandIn, type RunningStripeStandIn } from '@cartwright/tool-stripe-standin';
import { importProducts, type FixtureProduct } from './catalog-fixture.ts';
import { testEnvironment } from './environment.ts';
import type { HostProcess } from './host-process.ts';
import { createHosts } from './hosts.ts';

const SECRET_KEY = 'sk_test_cartwright';
const WEBHOOK_SECRET = 'whsec_cartwright';
export const TEST_PASSWORD = 'correct horse battery';
export const TEST_ADDRESS = {
  name: 'Ada Lovelace',
  line1: '12 Analytical Row',
  city: 'Portland',
  region: 'OR',
  postalCode: '97201',
  country: 'US',
};

export interface TestShopOptions {
  apis?: number;
  workers?: number;
  products?: readonly FixtureProduct[];
  /** Variables that differ from the defaults, such as ORDER_EXPIRY_SECONDS. */
  env?: Record<string, string>;
  /** Variables of the API and worker processes alone, such as a REDIS_URL that leads through a proxy. */
  hostEnv?: Record<string, string>;
}

/** A whole shop for a test: real API and worker processes on a database and Redis prefix of their own. */
export interface TestShop extends AsyncDisposable {
  readonly env: Record<string, string>;
  readonly apis: HostProcess[];
  readonly workers: HostProcess[];
  readonly stripe: RunningStripeStandIn;
  readonly mailbox: RunningMailbox;
  /** The shop composed in the test's own process: to seed, and to look behind the API. */
  readonly inside: Composition;
  /** Variant ids by product slug. */
  readonly variants: ReadonlyMap<string, string>;
  /** Starts another API; `own` are variables that it alone has, such as a REDIS_URL that leads through a proxy. */
  startApi(port?: number, own?: Readonly<Record<string, string>>): Promise<HostProcess>;
  startWorker(): Promise<HostProcess>;
  /** Ends an instance and starts it anew, in its place; an API at its port. Answers the new one. */
  restart(host: 'api' | 'worker', index: number, how?: 'stop' | 'kill'): Promise<HostProcess>;
  /** An SDK client of an API instance (the first when absent); closed with the shop. */
  client(api?: HostProcess, options?: Partial<CartwrightOptions>): Cartwright;
  /** A client with a signed-in customer of its own, whose address is verified. */
  customer(api?: HostProcess): Promise<Cartwright>;
  admin(api?: HostProcess): Promise<Cartwright>;
  /** Puts a variant in the customer's cart and orders it. */
  order(client: Cartwright, options?: OrderOptions): Promise<RouterOutputs['orders']['place']>;
  /** Pays on the hosted page. */
  pay: typeof payCheckoutSession;
}

export interface OrderOptions {
  slug?: string;
  quantity?: number;
  paymentMethod?: 'stripe_checkout' | 'cash_on_delivery';
  coupon?: string;
  idempotencyKey?: string;
}

export async function createTestShop(options: TestShopOptions = {}): Promise<TestShop> {
  const { apis: apiCount = 1, workers: workerCount = 1, products = [{ slug: 'lamp' }] } = options;
  const cleanup: (() => Promise<unknown>)[] = [];
  const dispose = async (): Promise<void> => {
    for (const step of cleanup.reverse()) await step();
  };
  try {
    const apiPort = await freePort();
    const [stripe, mailbox] = await Promise.all([
      startStripeStandIn({
        secretKey: SECRET_KEY,
        webhookSecret: WEBHOOK_SECRET,
        webhookUrl: `http://127.0.0.1:${apiPort}/webhooks/stripe`,
      }),
      startMailbox(),
    ]);
    cleanup.push(
      () => stripe.stop(),
      () => mailbox.stop(),
    );
    const env = {
      ...testEnvironment({
        mongoUri: options.env?.['MONGODB_URI'] ?? testMongoUri(),
        redisUrl: options.env?.['REDIS_URL'] ?? testRedisUrl(),
        stripeUrl: stripe.url,
        stripeSecretKey: SECRET_KEY,
        stripeWebhookSecret: WEBHOOK_SECRET,
        smtpUrl: mailbox.smtpUrl,
        files: testFilesEnvironment(),
      }),
      ...options.env,
    };
    const inside = await composeShop(loadConfig(env), { name: 'test' });
    cleanup.push(() => inside.close());
    const variants = await importProducts(inside, products);

    const hosts = createHosts({ ...env, ...options.hostEnv });
    cleanup.push(hosts.stop);
    const { apis, workers } = hosts;
    await Promise.all([
      ...Array.from({ length: apiCount }, (_, index) => hosts.startApi(index === 0 ? apiPort : undefined)),
      ...Array.from({ length: workerCount }, () => hosts.startWorker()),
    ]);
    // Started side by side: the one that Stripe calls comes first.
    apis.sort((left) => (left.url.endsWith(`:${apiPort}`) ? -1 : 1));

    const client = (api?: HostProcess, clientOptions: Partial<CartwrightOptions> = {}): Cartwright => {
      const made = createCartwright({ url: (api ?? apis[0])?.url ?? '', ...clientOptions });
      cleanup.push(() => made.close());
      return made;
    };
    // Each caller is somebody else: rate limits by address must not count the test's clients as one.
    const strangers = () => ({ headers: { 'x-forwarded-for': randomAddress() } });

    return {
      env,
      apis,
      workers,
      stripe,
      mailbox,
      inside,
      variants,
      startApi: hosts.startApi,
      startWorker: hosts.startWorker,
      restart: hosts.restart,
      client,
      customer: async (api) => {
        const made = client(api, strangers());
        const name = `customer-${randomBytes(6).toString('hex')}`;
        const account = { email: `${name}@example.test`, password: TEST_PASSWORD };
        await inside.services.accounts.createCustomer({ ...account, name });
        await made.api.auth.login.mutate(account);
        return made;
      },
      admin: async (api) => {
        const email = `admin-${randomBytes(6).toString('hex')}@example.test`;
        await inside.services.accounts.createAdmin({ email, name: 'Admin', password: TEST_PASSWORD });
        const made = client(api, strangers());
        await made.api.auth.login.mutate({ email, password: TEST_PASSWORD });
        return made;
      },
      order: (buyer, order) => placeOrder(buyer, variants, order),
      pay: payCheckoutSession,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** The answer to a sign-in that needs no second factor; throws for one that does. */
export function signedIn(answer: RouterOutputs['auth']['login']): Extract<typeof answer, { status: 'ok' }> {
  if (answer.status !== 'ok') throw new Error(`Not signed in: ${answer.status}`);
  return answer;
}

async function placeOrder(
  { api }: Cartwright,
  variants: ReadonlyMap<string, string>,
  { slug, quantity = 1, paymentMethod = 'stripe_checkout', coupon, idempotencyKey }: OrderOptions = {},
) {
  const variantId = slug === undefined ? [...variants.values()][0] : variants.get(slug);
  await api.cart.addItem.mutate({ variantId: variantId ?? '', quantity });
  if (coupon !== undefined) await api.cart.applyCoupon.mutate({ code: coupon });
  const quote = await api.checkout.quote.query({
    shippingAddress: TEST_ADDRESS,
    shippingMethod: 'standard',
    paymentMethod,
  });
  return api.orders.place.mutate({
    shippingAddress: TEST_ADDRESS,
    shippingMethod: 'standard',
    paymentMethod,
    quoteHash: quote.quoteHash,
    cartVersion: quote.cartVersion,
    idempotencyKey: idempotencyKey ?? newIdempotencyKey(),
  });
}

const randomAddress = (): string => ['10', ...randomBytes(3)].join('.');
