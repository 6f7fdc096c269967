import { isDuplicateKeyError, sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { Cart, CartOwner } from './cart.ts';
import type { CartDoc, CartModel } from './cart.model.ts';

/** When a cart is written: now, and for guests when it will be deleted. */
export interface CartTimes {
  readonly now: Date;
  readonly expiresAt?: Date | undefined;
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
    async insert(cart: Cart, times: CartTimes): Promise<boolean> {
      try {
        await carts.insertOne(newDoc(cart, times));
        return true;
      } catch (error) {
        if (isDuplicateKeyError(error)) return false;
        throw error;
      }
    },

    /** As `insert`, in a transaction: a second cart of one owner is a write conflict there. */
    async insertIn(cart: Cart, times: CartTimes, tx: Tx): Promise<void> {
      await carts.insertMany([newDoc(cart, times)], sessionOption(tx));
    },

    /** Writes a cart whose version is one above that stored. False when somebody else was faster. */
    async save(cart: Cart, { now, expiresAt }: CartTimes, tx?: Tx): Promise<boolean> {
      const { version, lines, couponCode } = cart;
      const result = await carts.updateOne(
        { _id: cart.id, version: version - 1 },
        {
          $set: {
            version,
            lines: lines.map((line) => ({ ...line })),
            updatedAt: now,
            ...(couponCode === undefined ? {} : { couponCode }),
            ...(expiresAt === undefined ? {} : { expiresAt }),
          },
          ...(couponCode === undefined ? { $unset: { couponCode: 1 } } : {}),
        },
        sessionOption(tx),
      );
      return result.modifiedCount === 1;
    },

    async remove(id: string, tx: Tx): Promise<void> {
      await carts.deleteOne({ _id: id }, sessionOption(tx));
    },
  };
}

export type CartRepository = ReturnType<typeof createCartRepository>;

function newDoc(cart: Cart, { now, expiresAt }: CartTimes): CartDoc {
  const { id, version, owner, lines, couponCode } = cart;
  return {
    _id: id,
    version,
    ...owner,
    lines: lines.map((line) => ({ ...line })),
    ...(couponCode === undefined ? {} : { couponCode }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    createdAt: now,
    updatedAt: now,
  };
}

function toCart({ _id: id, version, userId, tokenHash, lines, couponCode }: CartDoc): Cart {
  const owner = userId === undefined ? { tokenHash: tokenHash ?? '' } : { userId };
  return { id, version, owner, lines, couponCode };
}
