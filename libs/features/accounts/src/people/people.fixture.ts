import { createSilentLogger } from '@cartwright/platform-logger';
import { createEventProcessor } from '@cartwright/platform-outbox';
import { collectingQueues } from '@cartwright/testkit';
import { client, openAccounts, signedIn } from '../accounts.fixture.ts';
import { defaultAccountLimits } from '../accounts.ports.ts';

export const DAY_MS = 24 * 3_600_000;

/** Accounts on stores of their own, with passwords that cost nothing. */
export async function setUpPeople({ whileVerifying }: { whileVerifying?: () => Promise<void> } = {}) {
  const accounts = await openAccounts({
    ...(whileVerifying ? { whileVerifying } : {}),
    passwords: {
      hash: async (password) => `hash of ${password}`,
      verify: async (password, hash) => hash === `hash of ${password}`,
    },
    limits: { registerPerNetwork: { ...defaultAccountLimits.registerPerNetwork, points: 10_000 } },
  });
  const { db, clock } = accounts;
  const { mongo } = db;
  const logger = createSilentLogger();
  const queues = collectingQueues();
  const handlers = accounts.handlers(queues);
  const rows = mongo.connection.collection<{ _id: string; type: string; payload: object }>('outbox');
  const users = mongo.connection.collection<{ _id: string; role: string }>('users');
  const handled = new Set<string>();

  /** Hands every open event to its handlers. */
  async function settle(): Promise<void> {
    const process = createEventProcessor({ mongo, handlers, logger, clock });
    for (const { _id: eventId, type } of await rows.find().toArray()) {
      if (handled.has(eventId)) continue;
      handled.add(eventId);
      const reacting = handlers.filter(({ event }) => event.type === type);
      await process({ eventId, handlers: reacting.map(({ name }) => name) });
    }
  }

  const credentials = (name: string) => ({ email: `${name}@shop.test`, password: `password of ${name}` });
  return {
    ...accounts,
    ...{ queues, users, settle, credentials },
    processors: accounts.peopleProcessors,
    make: async (name: string, role: 'admin' | 'customer' = 'customer'): Promise<string> => {
      const make = role === 'admin' ? accounts.accounts.createAdmin : accounts.accounts.createCustomer;
      return (await make({ ...credentials(name), name })).id;
    },
    signIn: (name: string) => signedIn(accounts.auth.login(credentials(name), client)),
    refresh: (token: string) => accounts.auth.refresh(token, client),
    told: async (): Promise<string[]> => (await rows.find().sort({ _id: 1 }).toArray()).map(({ type }) => type),
  };
}

export type PeopleShop = Awaited<ReturnType<typeof setUpPeople>>;
