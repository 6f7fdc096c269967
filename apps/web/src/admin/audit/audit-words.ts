/** Actions that administrators look for most, as the filter offers them. */
export const AUDIT_ACTIONS = [
  'login.succeeded',
  'login.failed',
  'password.changed',
  'password.reset',
  'twoFactor.disabled',
  'refresh.reused',
  'account.removed',
  'admin.users.ban',
  'admin.users.unban',
  'admin.users.setRole',
  'admin.users.revokeSessions',
  'admin.users.resetTwoFactor',
  'admin.users.invite',
  'admin.users.cancelInvite',
  'admin.users.byId',
  'admin.orders.byId',
  'admin.orders.endReview',
  'admin.coupons.create',
] as const;

/** The details of an entry in one line: `role: staff, reason: FORBIDDEN`. */
export function detailWords(details: Readonly<Record<string, unknown>> | undefined): string {
  return Object.entries(details ?? {})
    .map(([name, value]) => `${name}: ${value instanceof Date ? value.toISOString() : String(value)}`)
    .join(', ');
}
