import { describe, expect, it } from 'vitest';
import {
  CHANNELS,
  listNotificationsInput,
  markReadInput,
  NOTIFICATION_TYPES,
  updatePreferencesInput,
} from './notifications.contracts.ts';

const change = { type: 'order.paid', channel: 'in_app', enabled: false };

describe('inputs of notifications', () => {
  it.each([
    {},
    { ids: [] },
    { ids: ['x'.repeat(65)] },
    { ids: Array.from({ length: 101 }, () => 'x') },
    { ids: [{ $ne: null }] },
    { all: false },
    { ids: ['x'], all: true },
  ])('do not mark %j', (input) => {
    expect(markReadInput.safeParse(input).success).toBe(false);
  });

  it.each([{ ids: ['x'] }, { all: true }])('mark %j', (input) => {
    expect(markReadInput.parse(input)).toEqual(input);
  });

  it.each([
    { changes: [] },
    { changes: Array.from({ length: NOTIFICATION_TYPES.length * CHANNELS.length + 1 }, () => change) },
    { changes: [{ ...change, type: 'order.teleported' }] },
    { changes: [{ ...change, channel: 'pigeon' }] },
    { changes: [{ ...change, enabled: 'no' }] },
  ])('do not change preferences by %j', (input) => {
    expect(updatePreferencesInput.safeParse(input).success).toBe(false);
  });

  it.each([{ limit: 0 }, { limit: 101 }, { cursor: 'x'.repeat(501) }, { unreadOnly: 'yes' }, { userId: 'ben' }])(
    'do not list by %j',
    (input) => {
      expect(listNotificationsInput.safeParse(input).success).toBe(false);
    },
  );
});
