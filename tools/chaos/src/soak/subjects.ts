import { setTimeout as pause } from 'node:timers/promises';
import { createCartwright, type StoredTokens } from '@cartwright/sdk';
import { TEST_PASSWORD, type TestShop } from '@cartwright/testapp';
import type { Cluster } from '../cluster.ts';
import type { OutboxRow } from '../database.ts';
import type { Subject } from './event-writer.ts';

export type Tokens = StoredTokens & { accessToken: string };

/** Makes an account; answers its address. */
export async function newAccount(shop: TestShop, name: string, role: 'customer' | 'admin'): Promise<string> {
  const account = { email: `${name}@soak.test`, password: TEST_PASSWORD, name };
  const { accounts } = shop.inside.services;
  await (role === 'admin' ? accounts.createAdmin(account) : accounts.createCustomer(account));
  return account.email;
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

/** Customers with an order each, whose events the run's events are like, and the tokens of a session each. */
export async function createSubjects(
  cluster: Cluster,
  count: number,
): Promise<readonly (Subject & { tokens: Tokens })[]> {
  const { shop, database } = cluster;
  const subjects: (Subject & { tokens: Tokens })[] = [];
  for (let index = 0; index < count; index += 1) {
    const tokens = await signedIn(shop, await newAccount(shop, `user-${index}`, 'customer'));
    const buyer = shop.client(undefined, { storage: { load: () => tokens, save: () => undefined, shared: false } });
    const { order } = await shop.order(buyer, { paymentMethod: 'cash_on_delivery' });
    const [like] = await database.all<OutboxRow>('outbox', { aggregateId: order.id, type: 'order.placed' });
    if (!like) throw new Error('The order has no event');
    subjects.push({ userId: String(like.payload['userId']), like, written: new Set(), tokens });
  }
  // Their own events are over before anybody follows.
  while ((await database.all('outbox', { dueAt: { $exists: true } })).length > 0) await pause(50);
  return subjects;
}
