export * from './accounts.contracts.ts';
export { createAccounts } from './accounts.ts';
export type { Accounts } from './accounts.ts';
export { userPasswordChanged, userRegistered, userRemoved, userTwoFactorChanged } from './accounts.events.ts';
export { accountMailTemplates } from './account-mails.ts';
export type { AccountTokens } from './account-tokens.ts';
export { removeDueAccounts } from './accounts.jobs.ts';
export type { Identity } from './create-identity.ts';
export { defaultAccountLimits } from './accounts.ports.ts';
export type {
  AccountLimits,
  AuditPort,
  CartMergePort,
  Limit,
  PersonalDataSource,
  SessionSettings,
} from './accounts.ports.ts';
export { createAccountRouter, createAuthRouter } from './accounts.router.ts';
export type { AccountInput, AccountService } from './account-service.ts';
export type { AuthService } from './auth-service.ts';
export type { SessionStore } from './session-store.ts';
export * from './two-factor.contracts.ts';
export type { TwoFactorSettings } from './two-factor-settings.ts';
export * from './people/people.contracts.ts';
export {
  userBanCanceled,
  userBanned,
  userBanScheduled,
  userRoleChanged,
  userUnbanned,
} from './people/people.events.ts';
export { peopleJobs, sweepBans } from './people/people.jobs.ts';
export type { OrderCountsPort } from './people/people.ports.ts';
export { createAdminUsersRouter } from './people/people.router.ts';
export type { People } from './people/people.ts';
export type { EndedSessions } from './session-watch.ts';
