import { MongoClient, type Db } from 'mongodb';

/** What the checks read of the shop's documents. */
export interface OrderRow {
  _id: string;
  number: string;
  version: number;
  userId: string;
  email: string;
  status: 'pending' | 'paid' | 'canceled';
  paymentStatus: string;
  paymentMethod: 'stripe_checkout' | 'cash_on_delivery';
  hold: 'held' | 'released' | 'missing';
  holdExpiresAt?: Date;
  expiresAt?: Date;
  paidAt?: Date;
  cancelRequestedAt?: Date;
  total: { amount: number; currency: string };
  coupon?: { couponId: string };
  lines: { lineId: string; variantId: string; quantity: number; product: { id: string } }[];
}
export interface OutboxRow {
  _id: string;
  type: string;
  status: string;
  aggregateId: string;
  aggregateVersion: number;
  payload: Record<string, unknown>;
  handled: string[];
  createdAt: Date;
  dueAt?: Date;
}

/** The shop's database as it is, past the shop. */
export interface ShopDatabase extends AsyncDisposable {
  readonly db: Db;
  all<T extends object>(collection: string, filter?: Record<string, unknown>): Promise<T[]>;
}

export async function openDatabase(uri: string): Promise<ShopDatabase> {
  const client = await MongoClient.connect(uri);
  const db = client.db();
  return {
    db,
    all: async <T extends object>(collection: string, filter = {}) =>
      (await db.collection(collection).find(filter).toArray()) as unknown as T[],
    [Symbol.asyncDispose]: () => client.close(true),
  };
}
