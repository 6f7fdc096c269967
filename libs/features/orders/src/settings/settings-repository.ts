import { isDuplicateKeyError, sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { Model } from 'mongoose';
import type { SettingsDoc, SettingsModel, TaxClassHoldsDoc } from './settings.model.ts';
import type { ShopRules } from './settings.ts';

const ID = 'shop';

/** Reads and writes the shop's settings, all of them at once. */
export function createSettingsRepository({
  settings,
  taxClassHolds,
}: {
  settings: SettingsModel;
  taxClassHolds: Model<TaxClassHoldsDoc>;
}) {
  return {
    read: (tx?: Tx): Promise<SettingsDoc | null> =>
      settings
        .findOne({ _id: ID })
        .session(sessionOf(tx) ?? null)
        .lean<SettingsDoc>(),

    /**
     * Writes over the version that was read, 0 where nothing was. False when somebody was faster; a transaction conflicts
     * then, and runs again.
     */
    async write(
      rules: ShopRules,
      { version, updatedAt }: { version: number; updatedAt: Date },
      tx?: Tx,
    ): Promise<boolean> {
      const next = { rules, version: version + 1, updatedAt };
      if (version > 0) {
        const { modifiedCount } = await settings.updateOne({ _id: ID, version }, { $set: next }, sessionOption(tx));
        return modifiedCount === 1;
      }
      try {
        await settings.insertMany([{ _id: ID, ...next }], sessionOption(tx));
        return true;
      } catch (error) {
        if (!tx && isDuplicateKeyError(error)) return false;
        throw error;
      }
    },

    /**
     * Whoever else holds a tax class in a transaction of the same time conflicts with this one: what was read of the class and
     * of its products holds until both are done. Counts, as an update that changes nothing conflicts with nobody.
     */
    async holdTaxClass(id: string, tx: Tx): Promise<void> {
      await taxClassHolds.updateOne({ _id: id }, { $inc: { holds: 1 } }, { upsert: true, ...sessionOption(tx) });
    },
  };
}

export type SettingsRepository = ReturnType<typeof createSettingsRepository>;
