import { isDuplicateKeyError } from '@cartwright/platform-mongo';
import type { SettingsDoc, SettingsModel } from './settings.model.ts';
import type { ShopRules } from './settings.ts';

const ID = 'shop';

/** Reads and writes the shop's settings, all of them at once. */
export function createSettingsRepository({ settings }: { settings: SettingsModel }) {
  return {
    read: (): Promise<SettingsDoc | null> => settings.findOne({ _id: ID }).lean<SettingsDoc>(),

    /** Writes over the version that was read, 0 where nothing was. False when somebody was faster. */
    async write(rules: ShopRules, version: number, updatedAt: Date): Promise<boolean> {
      const next = { rules, version: version + 1, updatedAt };
      if (version > 0) {
        const { modifiedCount } = await settings.updateOne({ _id: ID, version }, { $set: next });
        return modifiedCount === 1;
      }
      try {
        await settings.insertOne({ _id: ID, ...next });
        return true;
      } catch (error) {
        if (isDuplicateKeyError(error)) return false;
        throw error;
      }
    },
  };
}

export type SettingsRepository = ReturnType<typeof createSettingsRepository>;
