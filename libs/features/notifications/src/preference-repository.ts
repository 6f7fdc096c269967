import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { Channel, NotificationType } from './notifications.contracts.ts';
import type { PreferenceDoc, PreferenceModel } from './preference.model.ts';

export interface Preference {
  readonly type: NotificationType;
  readonly channel: Channel;
  readonly enabled: boolean;
}

/** Reads and writes the switches that customers have moved. */
export function createPreferenceRepository({ preferences }: { preferences: PreferenceModel }) {
  return {
    ofUser: (userId: string, tx?: Tx): Promise<PreferenceDoc[]> =>
      preferences.find({ userId }, null, sessionOption(tx)).lean<PreferenceDoc[]>(),

    async removeOf(userId: string, tx: Tx): Promise<void> {
      await preferences.deleteMany({ userId }, sessionOption(tx));
    },

    async save(userId: string, changes: readonly Preference[]): Promise<void> {
      await preferences.bulkWrite(
        changes.map(({ type, channel, enabled }) => ({
          updateOne: {
            filter: { _id: `${userId}/${type}/${channel}` },
            update: { $set: { userId, type, channel, enabled } },
            upsert: true,
          },
        })),
      );
    },
  };
}

export type PreferenceRepository = ReturnType<typeof createPreferenceRepository>;
