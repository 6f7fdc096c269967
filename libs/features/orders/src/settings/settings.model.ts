import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';
import type { ShopRules } from './settings.ts';

/** The one record of what administrators have set; absent while everything is as the shop came. */
export interface SettingsDoc {
  _id: string;
  version: number;
  rules: ShopRules;
  updatedAt: Date;
}

/** A tax class that was given to a product, or removed: transactions that do so at the same time meet here. */
export interface TaxClassHoldsDoc {
  _id: string;
  holds: number;
}

export type SettingsModel = Model<SettingsDoc>;

const settingsSchema = new Schema<SettingsDoc>(
  {
    _id: { type: String, required: true },
    version: { type: Number, required: true },
    rules: { type: Schema.Types.Mixed, required: true },
    updatedAt: { type: Date, required: true },
  },
  { ...schemaOptions, collection: 'shop_settings' },
);

const taxClassHoldsSchema = new Schema<TaxClassHoldsDoc>(
  { _id: { type: String, required: true }, holds: { type: Number, required: true } },
  { ...schemaOptions, collection: 'tax_class_holds' },
);

/** Binds the collection to a connection. */
export const createTaxClassHoldsModel = (connection: Connection): Model<TaxClassHoldsDoc> =>
  connection.model<TaxClassHoldsDoc>('TaxClassHolds', taxClassHoldsSchema);

/** Binds the collection to a connection. */
export const createSettingsModel = (connection: Connection): SettingsModel =>
  connection.model<SettingsDoc>('ShopSettings', settingsSchema);
