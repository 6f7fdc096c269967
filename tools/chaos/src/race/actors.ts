import { createCartwright, memoryTokenStorage, type Cartwright } from '@cartwright/sdk';
import { TEST_PASSWORD } from '@cartwright/testapp';
import type { Cluster } from '../cluster.ts';
import { inTime, persistently } from '../patience.ts';
import type { Random } from '../random.ts';
import { patiently } from './patiently.ts';

/** The shop lets a customer have ten orders that nobody has paid or prepared: whoever has placed so many makes room. */
const ORDERS_EACH = 8;

/** A signed-in customer, with a client of each API instance. */
export interface Actor {
  readonly userId: string;
  readonly clients: readonly Cartwright[];
  readonly signIn: () => Promise<unknown>;
  placed: number;
  close(): Promise<void>;
}

/** Customers to take for a round and give back; new ones are made when there are too few. */
export function createActors(cluster: Cluster, random: Random) {
  const free: Actor[] = [];
  const all = new Set<Actor>();
  let made = 0;

  /** Somebody new each time: of one whose registration failed nobody knows whether it was done. */
  async function register() {
    const number = (made += 1);
    const account = { email: `racer-${number}@race.test`, password: TEST_PASSWORD };
    const name = `Racer ${number}`;
    const { id } = await cluster.shop.inside.services.accounts.createCustomer({ ...account, name });
    return { number, account, userId: id };
  }

  async function create(): Promise<Actor> {
    const { number, account, userId } = await patiently(register);
    const storage = memoryTokenStorage();
    const headers = { 'x-forwarded-for': `10.8.${Math.floor(number / 250) % 250}.${number % 250}` };
    const clients = cluster.shop.apis.map(({ url }) => createCartwright({ url, headers, storage }));
    const signIn = async () => clients[0]?.api.auth.login.mutate(account, inTime());
    const onProblem = () => undefined;
    await persistently(
      { random, signIn, onProblem },
      { what: 'auth.login', until: Date.now() + 60_000 },
      async (tries) => clients[tries % clients.length]?.api.auth.login.mutate(account, inTime()),
    );
    const close = async () => void (await Promise.all(clients.map((client) => client.close())));
    const actor = { userId, clients, signIn, placed: 0, close };
    all.add(actor);
    return actor;
  }

  return {
    take: async (count: number): Promise<Actor[]> => {
      const known = free.splice(0, count);
      const fresh: Actor[] = [];
      while (known.length + fresh.length < count) fresh.push(await create());
      return [...known, ...fresh];
    },
    giveBack: async (actors: readonly Actor[]): Promise<void> => {
      for (const actor of actors) {
        if (actor.placed < ORDERS_EACH) free.push(actor);
        else {
          all.delete(actor);
          await actor.close();
        }
      }
    },
    close: async () => void (await Promise.all([...all].map((actor) => actor.close()))),
  };
}

export type Actors = ReturnType<typeof createActors>;
