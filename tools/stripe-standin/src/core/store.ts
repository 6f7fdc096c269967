import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type {
  Charge,
  CheckoutSession,
  Coupon,
  Customer,
  Delivery,
  Dispute,
  KeptAnswer,
  LineItem,
  PaymentIntent,
  Price,
  Product,
  PromotionCode,
  Refund,
  ScheduledTask,
  ShippingRate,
  StripeEvent,
} from './objects.ts';

/** Everything the stand-in remembers, by collection and id. Stored values are never changed in place. */
export interface Collections {
  customers: Customer;
  products: Product;
  prices: Price;
  coupons: Coupon;
  promotionCodes: PromotionCode;
  shippingRates: ShippingRate;
  sessions: CheckoutSession;
  lineItems: LineItem[];
  sessionSettings: {
    intentMetadata: Record<string, string>;
    intentDescription: string | null;
    shopName: string | null;
  };
  paymentIntents: PaymentIntent;
  charges: Charge;
  refunds: Refund;
  disputes: Dispute;
  events: StripeEvent;
  /** Webhooks still to be delivered, or held back. */
  deliveries: Delivery;
  finishedDeliveries: Delivery;
  /** The sessions somebody can still pay, with their `expires_at`. */
  openSessions: number;
  tasks: ScheduledTask;
  answers: KeptAnswer;
  settings: number | string | boolean | null;
}

export type CollectionName = keyof Collections;
type Change = { c: CollectionName; id: string; v: unknown };

/**
 * Keeps the collections in memory and, given a folder, in an append-only journal: one line per transaction, written
 * before anybody is answered. A line cut short by a kill is dropped when the journal is read again.
 */
export function createStore(options: { dataDir: string | null }) {
  const tables = new Map<CollectionName, Map<string, unknown>>();
  const journal = options.dataDir === null ? null : openJournal(options.dataDir, apply);
  let staged: Map<string, Change> | null = null;

  function table(name: CollectionName): Map<string, unknown> {
    let found = tables.get(name);
    if (!found) {
      found = new Map();
      tables.set(name, found);
    }
    return found;
  }

  function apply(change: Change): void {
    if (change.v === null) table(change.c).delete(change.id);
    else table(change.c).set(change.id, change.v);
  }

  function get<C extends CollectionName>(collection: C, id: string): Collections[C] | undefined {
    const change = staged?.get(`${collection} ${id}`);
    const value = change ? change.v : table(collection).get(id);
    return (value ?? undefined) as Collections[C] | undefined;
  }

  function record(change: Change): void {
    if (!staged) throw new Error('The store is written inside a transaction only.');
    staged.set(`${change.c} ${change.id}`, change);
  }

  return {
    get,

    put<C extends CollectionName>(collection: C, id: string, value: Collections[C]): void {
      record({ c: collection, id, v: value });
    },

    remove(collection: CollectionName, id: string): void {
      record({ c: collection, id, v: null });
    },

    /** All values, oldest first. */
    list<C extends CollectionName>(collection: C): Collections[C][] {
      if (!staged) return [...table(collection).values()] as Collections[C][];
      const values = new Map(table(collection));
      for (const change of staged.values()) {
        if (change.c !== collection) continue;
        if (change.v === null) values.delete(change.id);
        else values.set(change.id, change.v);
      }
      return [...values.values()] as Collections[C][];
    },

    /** Ids with their values as they were last committed. */
    entries<C extends CollectionName>(collection: C): [string, Collections[C]][] {
      return [...table(collection)] as [string, Collections[C]][];
    },

    /** Runs synchronously; all of its writes are kept, or (when it throws) none. An inner call joins the outer one. */
    transaction<T>(work: () => T): T {
      if (staged) return work();
      const changes = new Map<string, Change>();
      staged = changes;
      try {
        const result = work();
        staged = null;
        if (changes.size > 0) {
          journal?.append([...changes.values()]);
          for (const change of changes.values()) apply(change);
        }
        return result;
      } finally {
        staged = null;
      }
    },

    close(): void {
      journal?.close();
    },
  };

  function openJournal(dataDir: string, load: (change: Change) => void) {
    mkdirSync(dataDir, { recursive: true });
    const file = join(dataDir, 'journal.jsonl');
    if (existsSync(file)) {
      for (const line of readFileSync(file, 'utf8').split('\n')) {
        if (line === '') continue;
        try {
          for (const change of JSON.parse(line) as Change[]) load(change);
        } catch {
          continue; // a line cut short by a kill or a full disk: that transaction was never answered
        }
      }
    }
    // Rewritten at every start, so the journal never grows beyond one run.
    const compact = `${file}.new`;
    const lines: string[] = [];
    for (const [c, rows] of tables) for (const [id, v] of rows) lines.push(JSON.stringify([{ c, id, v }]));
    writeFileSync(compact, lines.length === 0 ? '' : `${lines.join('\n')}\n`);
    renameSync(compact, file);
    const descriptor = openSync(file, 'a');
    let torn = false;
    return {
      append(changes: Change[]): void {
        const line = Buffer.from(`${torn ? '\n' : ''}${JSON.stringify(changes)}\n`);
        torn = true;
        let written = 0;
        while (written < line.length) written += writeSync(descriptor, line, written);
        torn = false;
      },
      close: () => closeSync(descriptor),
    };
  }
}

export type Store = ReturnType<typeof createStore>;
