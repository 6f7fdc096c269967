import { setTimeout as pause } from 'node:timers/promises';
import { createCartwright, type StoredTokens } from '@cartwright/sdk';
import { TEST_PASSWORD, type TestShop } from '@cartwright/testapp';
import type { Cluster } from '../cluster.ts';
import type { OutboxRow } from '../database.ts';
import type { Subject } from './event-writer.ts';

export type Tokens = StoredTokens & { accessToken: string };

/** Hashing passwords takes the processor; a few at once keep it busy. */
const AT_ONCE = 4;

/** Makes an account. */
export async function newAccount(
  shop: TestShop,
  name: string,
  role: 'customer' | 'admin',
): Promise<{ id: string; email: string }> {
  const account = { email: `${name}@soak.test`, password: TEST_PASSWORD, name };
  const { accounts } = shop.inside.services;
  const { id } = await (role === 'admin' ? accounts.createAdmin(account) : accounts.createCustomer(account));
  return { id, email: account.email };
}

/** The tokens of a new session. */
export async function signedIn(shop: TestShop, email: string): Promise<Tokens> {
  const client = createCartwright({ url: shop.apis[0]?.url ?? '' });
  const answer = await client.api.auth.login.mutate({ email, password: TEST_PASSWORD });
  await client.close();
  if (answer.status !== 'ok') throw new Error('Signing in wants a second factor');
  const { accessToken, refreshToken, sessionId } = answer;
  return { accessToken, refreshToken, sessionId };
}

export type SignedInSubject = Subject & { readonly tokens: Tokens };

/** Customers, signed in, whose orders change: the run's events are like that of an order that the first of them made. */
export async function createSubjects(cluster: Cluster, count: number): Promise<readonly SignedInSubject[]> {
  const { shop, database } = cluster;
  const people: { userId: string; tokens: Tokens }[] = [];
  while (people.length < count) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - people.length) }, async (_, offset) => {
      const account = await newAccount(shop, `user-${people.length + offset}`, 'customer');
      return { userId: account.id, tokens: await signedIn(shop, account.email) };
    });
    people.push(...(await Promise.all(some)));
  }
  const tokens = people[0]?.tokens ?? {};
  const buyer = shop.client(undefined, { storage: { load: () => tokens, save: () => undefined, shared: false } });
  const { order } = await shop.order(buyer, { paymentMethod: 'cash_on_delivery' });
  const [like] = await database.all<OutboxRow>('outbox', { aggregateId: order.id, type: 'order.placed' });
  if (!like) throw new Error('The order has no event');
  // Its own events are over before anybody follows.
  while ((await database.all('outbox', { dueAt: { $exists: true } })).length > 0) await pause(50);
  return people.map(({ userId, tokens: own }) => ({
    like: { ...like, payload: { ...like.payload, userId } },
    written: new Set(),
    tokens: own,
  }));
}
