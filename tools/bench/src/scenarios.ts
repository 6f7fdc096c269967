import { randomUUID } from 'node:crypto';
import { bySlug, catalogScenarios, cycle, requests } from './catalog-scenarios.ts';
import type { CatalogSample } from './catalog-sample.ts';
import { mutation, queryPath, resultOf, type Call, type Client } from './client.ts';
import type { BenchCustomer } from './customers.ts';
import type { Machinery } from './machinery.ts';
import type { ScenarioName } from './options.ts';
import type { Unit } from './own-loop.ts';

export interface ScenarioContext {
  readonly sample: CatalogSample;
  readonly customers: readonly BenchCustomer[];
  readonly client: Client;
  readonly nextAddress: () => string;
  readonly machinery: Machinery;
}

/** Single requests, put on the shop by autocannon, or units of several requests in a loop of our own. */
export type Plan =
  | { readonly kind: 'requests'; readonly next: () => Call; readonly meanwhile?: Meanwhile }
  | { readonly kind: 'units'; readonly unit: (connections: number) => Unit };

/** What else is going on all the while, in so many workers; it is not measured, but must not fail. */
export interface Meanwhile {
  readonly workers: number;
  readonly unit: Unit;
}

export interface Scenario {
  readonly title: string;
  readonly plan: (context: ScenarioContext) => Plan;
  /** Whether a bare route that returns the same bytes says something about it. */
  readonly limit: boolean;
  /** What says something about it where no route does. */
  readonly bare?: (context: ScenarioContext) => Plan;
  /** The API that looks at no session, instead of the shop's own. */
  readonly api?: 'unchecked';
}

/** Logins under way at any time while reads are measured. */
export const LOGINS_AT_ONCE = 20;

const ADDRESS = {
  name: 'Bench Buyer',
  line1: '12 Analytical Row',
  city: 'Portland',
  region: 'OR',
  postalCode: '97201',
  country: 'US',
};

interface Quote {
  readonly quoteHash: string;
  readonly cartVersion: number;
}

/** Logins with the right password, each customer in turn, each from a network of its own. */
const logins = ({ customers, nextAddress }: ScenarioContext): (() => Call) => {
  const customer = cycle(customers);
  return () => {
    const { email, password } = customer();
    return { ...mutation('auth.login', { email, password }), headers: { 'x-forwarded-for': nextAddress() } };
  };
};

const ownAccount = ({ customers }: ScenarioContext): Plan => {
  const customer = cycle(customers);
  return requests(() => ({
    path: '/trpc/account.me',
    headers: { authorization: `Bearer ${customer().accessToken}` },
  }));
};

/** An event of an order, written into the outbox, until it has reached the one who follows it over a socket. */
function deliveryUnit({ machinery, customers }: ScenarioContext, connections: number): Unit {
  const tell = Array.from({ length: connections }, (_, worker) => {
    const customer = customers[worker];
    if (!customer) throw new Error('There are fewer customers than connections');
    return machinery.follow(customer);
  });
  return async (worker) => (await tell[worker])?.();
}

/** The way of a signed-in customer up to the last step, which is answered: into the cart, quoted, to be paid on delivery. */
function readyToPlace({ client, customers, sample, nextAddress }: ScenarioContext, connections: number) {
  const variant = cycle(sample.variantIds);
  // Each worker has customers of its own: two orders from one cart at a time would be a race, not a load.
  const queues = Array.from({ length: connections }, (_, worker) =>
    cycle(customers.filter((_customer, index) => index % connections === worker)),
  );
  return async (worker: number): Promise<() => Promise<void>> => {
    const customer = queues[worker]?.();
    const headers = { authorization: `Bearer ${customer?.accessToken ?? ''}`, 'x-forwarded-for': nextAddress() };
    const choice = { shippingAddress: ADDRESS, shippingMethod: 'standard', paymentMethod: 'cash_on_delivery' };
    resultOf(await client.call({ ...mutation('cart.addItem', { variantId: variant(), quantity: 1 }), headers }));
    const quote = resultOf<Quote>(await client.call({ path: queryPath('checkout.quote', choice), headers }));
    const order = {
      ...choice,
      quoteHash: quote.quoteHash,
      cartVersion: quote.cartVersion,
      idempotencyKey: randomUUID(),
    };
    return async () => void resultOf(await client.call({ ...mutation('orders.place', order), headers }));
  };
}

function checkoutUnit(context: ScenarioContext, connections: number): Unit {
  const ready = readyToPlace(context, connections);
  return async (worker) => (await ready(worker))();
}

/** Of the whole way only the last step counts. */
function placeUnit(context: ScenarioContext, connections: number): Unit {
  const ready = readyToPlace(context, connections);
  return async (worker) => {
    const place = await ready(worker);
    const start = performance.now();
    await place();
    return performance.now() - start;
  };
}

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  ...catalogScenarios,
  cart: {
    title: 'Add to cart, new carts',
    limit: true,
    plan: ({ sample, nextAddress }) => {
      const variantId = cycle(sample.variantIds);
      return requests(() => ({
        ...mutation('cart.addItem', { variantId: variantId(), quantity: 1 }),
        headers: { 'x-forwarded-for': nextAddress() },
      }));
    },
  },
  checkout: {
    title: 'Whole checkout',
    limit: false,
    plan: (context) => ({ kind: 'units', unit: (connections) => checkoutUnit(context, connections) }),
  },
  place: {
    title: 'Placing an order',
    limit: false,
    plan: (context) => ({ kind: 'units', unit: (connections) => placeUnit(context, connections) }),
    bare: ({ machinery }) => ({ kind: 'units', unit: () => machinery.bareOrder }),
  },
  jobs: {
    title: 'Jobs, from making to done',
    limit: false,
    plan: ({ machinery }) => ({ kind: 'units', unit: () => machinery.job }),
  },
  delivery: {
    title: 'Outbox to subscriber',
    limit: false,
    plan: (context) => ({ kind: 'units', unit: (connections) => deliveryUnit(context, connections) }),
  },
  login: {
    title: 'Login (argon2id)',
    limit: false,
    plan: (context) => requests(logins(context)),
  },
  'detail-logins': {
    title: `Product detail while ${LOGINS_AT_ONCE} logins are under way`,
    limit: false,
    plan: (context) => {
      const login = logins(context);
      const unit = async (): Promise<void> => void resultOf(await context.client.call(login()));
      return { kind: 'requests', next: bySlug(context), meanwhile: { workers: LOGINS_AT_ONCE, unit } };
    },
  },
  me: { title: 'Own account', limit: false, plan: ownAccount },
  'me-unchecked': { title: 'Own account, its session not looked at', limit: false, plan: ownAccount, api: 'unchecked' },
};
