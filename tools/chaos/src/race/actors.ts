import { createCartwright, memoryTokenStorage, type Cartwright, type TokenStorage } from '@cartwright/sdk';
import { TEST_PASSWORD } from '@cartwright/testapp';
import type { Cluster } from '../cluster.ts';
import { inTime, persistently } from '../patience.ts';
import type { Random } from '../random.ts';
import { patiently } from './patiently.ts';

/** The shop lets a customer have ten orders that nobody has paid or prepared: whoever has placed so many makes room. */
const ORDERS_EACH = 8;

/** A customer, with a client of each API instance. */
export interface Actor {
  /** Tells one from another: an account's id, of guests a name of their own. */
  readonly userId: string;
  /** What a guest orders under. */
  readonly email?: string;
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

  /** Each person comes from a network of their own. */
  function clientsOf(number: number, storage: TokenStorage): Cartwright[] {
    const headers = { 'x-forwarded-for': `10.8.${Math.floor(number / 250) % 250}.${number % 250}` };
    return cluster.shop.apis.map(({ url }) => createCartwright({ url, headers, storage }));
  }

  async function create(): Promise<Actor> {
    const { number, account, userId } = await patiently(register);
    // Whichever instance they sign in at, all of their clients are signed in.
    const clients = clientsOf(number, sharedStorage());
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
    /** Somebody without an account, for one round. */
    guest: (email: string): Actor & { readonly email: string } => {
      const number = (made += 1);
      const clients = clientsOf(number, sharedStorage());
      const close = async () => void (await Promise.all(clients.map((client) => client.close())));
      return { ...{ userId: `guest ${number}`, email, clients, placed: 0, close }, signIn: async () => undefined };
    },
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

/** Tokens that all clients of a person have, as tabs of a browser do. */
function sharedStorage(): TokenStorage {
  const { load, save } = memoryTokenStorage();
  const watchers = new Set<() => void>();
  return {
    load,
    save: async (tokens) => {
      await save(tokens);
      for (const tell of watchers) tell();
    },
    watch: (onChange) => {
      watchers.add(onChange);
      return () => void watchers.delete(onChange);
    },
  };
}

export type Actors = ReturnType<typeof createActors>;
