/** Roles, from least to most. */
export const ROLES = ['customer', 'staff', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What a procedure may ask for; `<area>.<action>`. */
export const PERMISSIONS = [
  'catalog.read',
  'catalog.write',
  'stock.read',
  'stock.write',
  'orders.read',
  'orders.export',
  'orders.cancel',
  'orders.fulfil',
  'orders.recordPayment',
  'refunds.create',
  'refunds.createUnlimited',
  'reviews.moderate',
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
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Staff run the shop day by day: catalog, stock, orders, fulfilment, reviews, refunds up to a sum. */
const STAFF: ReadonlySet<Permission> = new Set<Permission>([
  'catalog.read',
  'catalog.write',
  'stock.read',
  'stock.write',
  'orders.read',
  'orders.cancel',
  'orders.fulfil',
  'orders.recordPayment',
  'refunds.create',
  'reviews.moderate',
]);

const TABLE: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  customer: new Set<Permission>(),
  staff: STAFF,
  admin: new Set<Permission>(PERMISSIONS),
};

/** True for a role the shop knows. */
export function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value);
}

/** Whether a role holds a permission. */
export function can(role: Role, permission: Permission): boolean {
  return TABLE[role].has(permission);
}
