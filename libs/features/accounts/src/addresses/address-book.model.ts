import type { AddressDto } from '@cartwright/api-core';
import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

export interface AddressEntry {
  id: string;
  address: AddressDto;
}

/**
 * All addresses of a user in one document. A default is the name of one of them, so there is never more than one, however
 * many are chosen at once.
 */
export interface AddressBookDoc {
  /** The user's id. */
  _id: string;
  addresses: AddressEntry[];
  defaultShipping?: string;
  defaultBilling?: string;
}

export type AddressBookModel = Model<AddressBookDoc>;

export function createAddressBookModel(connection: Connection): AddressBookModel {
  const text = { type: String, required: true } as const;
  const entry = new Schema<AddressEntry>(
    { id: text, address: { type: Schema.Types.Mixed, required: true } },
    { ...schemaOptions, _id: false },
  );
  const schema = new Schema<AddressBookDoc>(
    { _id: text, addresses: { type: [entry], required: true }, defaultShipping: String, defaultBilling: String },
    { ...schemaOptions, collection: 'address_books' },
  );
  return connection.model<AddressBookDoc>('AddressBook', schema);
}
