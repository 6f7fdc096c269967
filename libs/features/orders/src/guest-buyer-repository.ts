import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import { hashToken } from '@cartwright/platform-security';
import type { GuestBuyerModel } from './guest-buyer.model.ts';

/** Where placements of guests meet. */
export function createGuestBuyerRepository({ guests }: { guests: GuestBuyerModel }) {
  return {
    /** Writes the record of an address: of two transactions that do, one starts over. */
    async touch(email: string, at: Date, tx: Tx): Promise<void> {
      await guests.updateOne({ _id: hashToken(email) }, { $set: { at } }, { ...sessionOption(tx), upsert: true });
    },
  };
}

export type GuestBuyerRepository = ReturnType<typeof createGuestBuyerRepository>;
