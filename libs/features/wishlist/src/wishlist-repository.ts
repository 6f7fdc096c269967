import { isDuplicateKeyError, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { WishEntry, WishlistDoc, WishlistModel } from './wishlist.model.ts';

/** Reads and writes wishlists; each change is one conditional write. */
export function createWishlistRepository({ wishlists }: { wishlists: WishlistModel }) {
  const ofUser = async (userId: string): Promise<WishEntry[]> =>
    (await wishlists.findOne({ _id: userId }).lean<WishlistDoc>())?.items ?? [];

  return {
    /** In the order they were added. */
    ofUser,

    /** Adds unless it is there already. False when the list is full. */
    async add(userId: string, entry: WishEntry, maximum: number): Promise<boolean> {
      const room = {
        _id: userId,
        'items.productId': { $ne: entry.productId },
        [`items.${maximum - 1}`]: { $exists: false },
      };
      const change = { $push: { items: entry } };
      try {
        await wishlists.updateOne(room, change, { upsert: true });
        return true;
      } catch (error) {
        if (!isDuplicateKeyError(error)) throw error;
      }
      // It is there already, the list is full, or was made by somebody else in this moment: in that case there is room.
      if ((await wishlists.updateOne(room, change)).matchedCount === 1) return true;
      return (await wishlists.exists({ _id: userId, 'items.productId': entry.productId })) !== null;
    },

    async remove(userId: string, productId: string): Promise<void> {
      await wishlists.updateOne({ _id: userId }, { $pull: { items: { productId } } });
    },

    async removeAll(userId: string, tx: Tx): Promise<void> {
      await wishlists.deleteOne({ _id: userId }, sessionOption(tx));
    },
  };
}

export type WishlistRepository = ReturnType<typeof createWishlistRepository>;
