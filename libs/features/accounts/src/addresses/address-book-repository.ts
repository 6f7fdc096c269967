import type { AddressDto } from '@cartwright/api-core';
import { isDuplicateKeyError, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { AddressBookDoc, AddressBookModel, AddressEntry } from './address-book.model.ts';
import type { AddressUse } from './addresses.contracts.ts';

const FIELDS = { shipping: 'defaultShipping', billing: 'defaultBilling' } as const;

const defaults = (uses: readonly AddressUse[], id: string) => Object.fromEntries(uses.map((use) => [FIELDS[use], id]));

/** Reads and writes address books; each change is one conditional write. */
export function createAddressBookRepository({ books }: { books: AddressBookModel }) {
  return {
    ofUser: (userId: string): Promise<AddressBookDoc | null> => books.findOne({ _id: userId }).lean<AddressBookDoc>(),

    /** Adds an address, as the default of `uses`. False when the book is full. */
    async add(userId: string, entry: AddressEntry, { uses, max }: { uses: readonly AddressUse[]; max: number }) {
      const change = {
        $push: { addresses: entry },
        ...(uses.length > 0 ? { $set: defaults(uses, entry.id) } : {}),
      };
      const room = { _id: userId, [`addresses.${max - 1}`]: { $exists: false } };
      const append = () => books.updateOne(room, change, { upsert: true });
      try {
        await append();
        return true;
      } catch (error) {
        if (!isDuplicateKeyError(error)) throw error;
      }
      // The book is full, or was made by somebody else in this moment: in that case there is room.
      return (await books.updateOne(room, change)).matchedCount === 1;
    },

    /** Replaces an address; false when the book has no such one. */
    async replace(userId: string, id: string, address: AddressDto): Promise<boolean> {
      const change = { $set: { 'addresses.$.address': address } };
      return (await books.updateOne({ _id: userId, 'addresses.id': id }, change)).matchedCount === 1;
    },

    async remove(userId: string, id: string): Promise<boolean> {
      const change = { $pull: { addresses: { id } } };
      return (await books.updateOne({ _id: userId, 'addresses.id': id }, change)).matchedCount === 1;
    },

    async setDefault(userId: string, id: string, use: AddressUse): Promise<boolean> {
      const change = { $set: defaults([use], id) };
      return (await books.updateOne({ _id: userId, 'addresses.id': id }, change)).matchedCount === 1;
    },

    async removeAll(userId: string, tx: Tx): Promise<void> {
      await books.deleteOne({ _id: userId }, sessionOption(tx));
    },
  };
}

export type AddressBookRepository = ReturnType<typeof createAddressBookRepository>;
