import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import { hashToken } from '@cartwright/platform-security';
import type { GuestBuyerModel } from './guest-buyer.model.ts';

/** Where placements of guests meet. */
export function createGuestBuyerRepository({ guests }: { guests: GuestBuyerModel }) {
  return {
    /**
     * Writes the record of an address: of two transactions that do, one starts over. The count makes it a change also
     * within the same millisecond: an update that changes nothing is no write, and conflicts with none.
     */
    async touch(email: string, at: Date, tx: Tx): Promise<void> {
      await guests.updateOne(
        { _id: hashToken(email) },
        { $set: { at }, $inc: { placements: 1 } },
        { ...sessionOption(tx), upsert: true },
      );
    },
  };
}

export type GuestBuyerRepository = ReturnType<typeof createGuestBuyerRepository>;
