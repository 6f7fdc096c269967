import { describe, expect, it } from 'vitest';
import { PERMISSIONS, can, isRole } from './index.ts';

describe('permissions', () => {
  it('gives customers none and admins all', () => {
    for (const permission of PERMISSIONS) {
      expect(can('customer', permission)).toBe(false);
      expect(can('admin', permission)).toBe(true);
    }
  });

  it('keeps people, money rules and the shop itself from staff', () => {
    const refused = PERMISSIONS.filter((permission) => !can('staff', permission));
    expect(refused).toEqual([
      'orders.export',
      'refunds.createUnlimited',
      'coupons.read',
      'coupons.write',
      'uploads.manage',
      'analytics.read',
      'users.read',
      'users.manage',
      'settings.manage',
      'jobs.manage',
      'payments.resolve',
      'audit.read',
    ]);
  });

  it('knows roles from other strings', () => {
    expect(isRole('admin')).toBe(true);
    expect(isRole('constructor')).toBe(false);
    expect(isRole(undefined)).toBe(false);
  });
});
