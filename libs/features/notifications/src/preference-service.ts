import { invalidInput } from '@cartwright/domain-errors';
import type { Tx } from '@cartwright/platform-mongo';
import {
  CHANNELS,
  NOTIFICATION_TYPES,
  type Channel,
  type NotificationType,
  type PreferencesDto,
  type UpdatePreferencesInput,
} from './notifications.contracts.ts';
import { notificationTypes } from './notification-types.ts';
import type { PreferenceRepository } from './preference-repository.ts';

const policyOf = (type: NotificationType, channel: Channel) => notificationTypes[type].channels[channel];

/** How customers want to be reached. What a type leaves no choice of is as the type says, whatever is stored. */
export function createPreferenceService({ preferences }: { preferences: PreferenceRepository }) {
  /** Whether each channel of each type is on for a user. */
  async function switches(userId: string, tx?: Tx) {
    const moved = new Map((await preferences.ofUser(userId, tx)).map((doc) => [`${doc.type}/${doc.channel}`, doc]));
    return (type: NotificationType, channel: Channel): boolean => {
      const policy = policyOf(type, channel);
      if (!policy) return false;
      return policy.switchable ? (moved.get(`${type}/${channel}`)?.enabled ?? policy.default) : policy.default;
    };
  }

  async function get(userId: string): Promise<PreferencesDto> {
    const isOn = await switches(userId);
    const items = NOTIFICATION_TYPES.map((type) => ({
      type,
      label: notificationTypes[type].label,
      channels: CHANNELS.flatMap((channel) => {
        const policy = policyOf(type, channel);
        return policy ? [{ channel, enabled: isOn(type, channel), switchable: policy.switchable }] : [];
      }),
    }));
    return { items };
  }

  return {
    switches,
    get,

    /** Moves switches; of two changes of the same one the last counts. Throws INVALID_INPUT for one that can't be moved. */
    async update(userId: string, { changes }: UpdatePreferencesInput): Promise<PreferencesDto> {
      for (const { type, channel, enabled } of changes) {
        const policy = policyOf(type, channel);
        const isFixed = !policy?.switchable && enabled !== (policy?.default ?? false);
        if (isFixed) throw invalidInput(`${type} by ${channel} can not be switched ${enabled ? 'on' : 'off'}`);
      }
      const moved = changes.filter(({ type, channel }) => policyOf(type, channel)?.switchable);
      if (moved.length > 0) await preferences.save(userId, moved);
      return get(userId);
    },
  };
}

export type PreferenceService = ReturnType<typeof createPreferenceService>;
