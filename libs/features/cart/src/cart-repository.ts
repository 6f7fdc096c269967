import { isDuplicateKeyError, sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { Cart, CartOwner, FillingNews } from './cart.ts';
import type { CartDoc, CartModel } from './cart.model.ts';

/** When a cart is written: now, and for guests when it will be deleted; and what is to be told of it. */
export interface CartWrite {
  readonly now: Date;
  readonly expiresAt?: Date | undefined;
  readonly news?: readonly FillingNews[] | undefined;
}

/** What a cart tells until it is told to forget it. */
export interface UntoldNews {
  readonly cartId: string;
  readonly news: readonly FillingNews[];
}

/** Reads and writes carts; each save is made over the version that was read. */
export function createCartRepository({ carts }: { carts: CartModel }) {
  return {
    async byOwner(owner: CartOwner, tx?: Tx): Promise<Cart | null> {
      const filter = 'userId' in owner ? { userId: owner.userId } : { tokenHash: owner.tokenHash };
      const doc = await carts
        .findOne(filter)
        .session(sessionOf(tx) ?? null)
        .lean<CartDoc>();
      return doc ? toCart(doc) : null;
    },

    async byId(id: string, tx: Tx): Promise<Cart | null> {
      const doc = await carts
        .findOne({ _id: id })
        .session(sessionOf(tx) ?? null)
        .lean<CartDoc>();
      return doc ? toCart(doc) : null;
    },

    /** Writes a new cart. False when its owner has got one meanwhile; not for use in a transaction, which that would end. */
    async insert(cart: Cart, write: CartWrite): Promise<boolean> {
      try {
        await carts.insertOne(newDoc(cart, write));
        return true;
      } catch (error) {
        if (isDuplicateKeyError(error)) return false;
        throw error;
      }
    },

    /** As `insert`, in a transaction: a second cart of one owner is a write conflict there. */
    async insertIn(cart: Cart, write: CartWrite, tx: Tx): Promise<void> {
      await carts.insertMany([newDoc(cart, write)], sessionOption(tx));
    },

    /** Writes a cart whose version is one above that stored. False when somebody else was faster. */
    async save(cart: Cart, { now, expiresAt, news = [] }: CartWrite, tx?: Tx): Promise<boolean> {
      const { version, lines, couponCode, filling } = cart;
      const gone = {
        ...(couponCode === undefined ? { couponCode: 1 as const } : {}),
        ...(filling === undefined ? { filling: 1 as const } : {}),
      };
      const result = await carts.updateOne(
        { _id: cart.id, version: version - 1 },
        {
          $set: {
            version,
            lines: lines.map((line) => ({ ...line })),
            updatedAt: now,
            ...(couponCode === undefined ? {} : { couponCode }),
            ...(filling === undefined ? {} : { filling: { ...filling } }),
            ...(expiresAt === undefined ? {} : { expiresAt }),
          },
          ...(Object.keys(gone).length === 0 ? {} : { $unset: gone }),
          ...(news.length === 0 ? {} : { $push: { news: { $each: [...news] } } }),
        },
        sessionOption(tx),
      );
      return result.modifiedCount === 1;
    },

    /** What a cart has to tell and nobody was told yet. */
    async untoldOf(id: string, tx: Tx): Promise<readonly FillingNews[]> {
      const doc = await carts
        .findOne({ _id: id }, { news: 1 })
        .session(sessionOf(tx) ?? null)
        .lean<Pick<CartDoc, 'news'>>();
      return doc?.news ?? [];
    },

    /** Carts that have something to tell since before `now`, the oldest first. */
    async untold(now: Date, limit: number): Promise<UntoldNews[]> {
      const docs = await carts
        .find({ 'news.at': { $lte: now } }, { news: 1 })
        .sort({ 'news.at': 1 })
        .limit(limit)
        .lean<Pick<CartDoc, '_id' | 'news'>[]>();
      return docs.map(({ _id, news = [] }) => ({ cartId: _id, news }));
    },

    /** Has carts forget what they told, unless there is more to tell by now: then they will tell all of it again. */
    async forget(told: readonly UntoldNews[]): Promise<void> {
      const operations = told.map(({ cartId, news }) => ({
        updateOne: {
          filter: { _id: cartId, news: { $size: news.length }, 'news.id': { $all: news.map(({ id }) => id) } },
          update: { $unset: { news: 1 as const } },
        },
      }));
      if (operations.length > 0) await carts.bulkWrite(operations, { ordered: false });
    },

    async remove(id: string, tx: Tx): Promise<void> {
      await carts.deleteOne({ _id: id }, sessionOption(tx));
    },
  };
}

export type CartRepository = ReturnType<typeof createCartRepository>;

function newDoc(cart: Cart, { now, expiresAt, news = [] }: CartWrite): CartDoc {
  const { id, version, owner, lines, couponCode, filling } = cart;
  return {
    _id: id,
    version,
    ...owner,
    lines: lines.map((line) => ({ ...line })),
    ...(couponCode === undefined ? {} : { couponCode }),
    ...(filling === undefined ? {} : { filling: { ...filling } }),
    ...(news.length === 0 ? {} : { news: [...news] }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    createdAt: now,
    updatedAt: now,
  };
}

function toCart({ _id: id, version, userId, tokenHash, lines, couponCode, filling }: CartDoc): Cart {
  const owner = userId === undefined ? { tokenHash: tokenHash ?? '' } : { userId };
  return { id, version, owner, lines, couponCode, filling };
}
