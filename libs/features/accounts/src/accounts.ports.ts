import type { AuditEntry } from '@cartwright/api-core';
import type { Tx } from '@cartwright/platform-mongo';

/** Keeps security events for administrators: ids, address and user agent, no other personal data. */
export interface AuditPort {
  /** Writes an entry, with `tx` in the transaction of what it tells of. Rejects when it can't be written. */
  append(entry: AuditEntry, tx?: Tx): Promise<void>;
}

/** What signing in needs of carts: the guest's cart is merged before the answer. */
export interface CartMergePort {
  /** Merges the guest's cart into the user's; idempotent. False when the token names no cart with anything in it. */
  merge(cartToken: string, userId: string): Promise<boolean>;
}

/** A part of what the shop knows of its users, for the copy that they may ask for. */
export interface PersonalDataSource {
  /** What the part is called in the copy. */
  readonly name: string;
  /** All of it, as JSON can tell it; nothing that would let anybody in. */
  collect(userId: string): Promise<unknown>;
}

/** How often something may be tried: `points` per `seconds`. */
export interface Limit {
  readonly points: number;
  readonly seconds: number;
}

/** Limits against guessing and mass sign-up. Per network: an IPv4 address or an IPv6 /64. */
export interface AccountLimits {
  readonly registerPerNetwork: Limit;
  readonly loginPerNetwork: Limit;
  /** For one account from one network: strict, so that an attacker elsewhere doesn't lock the owner out. */
  readonly loginPerAccountAndNetwork: Limit;
  /** For one account from all networks together that it was not signed in from before: against many networks at once. */
  readonly loginPerAccount: Limit;
  readonly refreshPerNetwork: Limit;
  /** Codes of one account's second factor tried from one network. */
  readonly secondFactorPerAccountAndNetwork: Limit;
  /** And from all networks together that the user has not signed in from before with that factor. */
  readonly secondFactorPerAccount: Limit;
  readonly mailPerNetwork: Limit;
  /** Mails to one address asked for from one network: strict, so that others can't use up the owner's. */
  readonly mailPerAddressAndNetwork: Limit;
  readonly mailPerAddress: Limit;
  /** Mailed tokens that are presented. */
  readonly tokenPerNetwork: Limit;
  /** Passwords given by somebody signed in, who may have found the device open. */
  readonly passwordPerAccount: Limit;
  readonly exportPerAccount: Limit;
  /** Copies of personal data fetched, or tried to be, by a link. */
  readonly downloadPerNetwork: Limit;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

export const defaultAccountLimits: AccountLimits = {
  registerPerNetwork: { points: 20, seconds: HOUR },
  loginPerNetwork: { points: 100, seconds: 15 * MINUTE },
  loginPerAccountAndNetwork: { points: 10, seconds: 15 * MINUTE },
  loginPerAccount: { points: 100, seconds: HOUR },
  refreshPerNetwork: { points: 600, seconds: 10 * MINUTE },
  // The first below the second: whoever tries from one network leaves the owner some tries from elsewhere.
  secondFactorPerAccountAndNetwork: { points: 8, seconds: 15 * MINUTE },
  secondFactorPerAccount: { points: 10, seconds: 15 * MINUTE },
  mailPerNetwork: { points: 30, seconds: HOUR },
  mailPerAddressAndNetwork: { points: 5, seconds: HOUR },
  mailPerAddress: { points: 20, seconds: HOUR },
  tokenPerNetwork: { points: 60, seconds: 15 * MINUTE },
  exportPerAccount: { points: 5, seconds: 24 * HOUR },
  downloadPerNetwork: { points: 30, seconds: 15 * MINUTE },
  passwordPerAccount: { points: 10, seconds: 15 * MINUTE },
};

/** The limits with those by network multiplied. */
export const withNetworkFactor = (limits: AccountLimits, factor: number): AccountLimits => {
  const scaled = ({ points, seconds }: Limit): Limit => ({ points: points * factor, seconds });
  return {
    ...limits,
    registerPerNetwork: scaled(limits.registerPerNetwork),
    loginPerNetwork: scaled(limits.loginPerNetwork),
    refreshPerNetwork: scaled(limits.refreshPerNetwork),
    mailPerNetwork: scaled(limits.mailPerNetwork),
    tokenPerNetwork: scaled(limits.tokenPerNetwork),
    downloadPerNetwork: scaled(limits.downloadPerNetwork),
  };
};

/** How long sessions last. */
export interface SessionSettings {
  /** A session unused for this long ends. */
  readonly refreshIdleSeconds: number;
  /** And this long after signing in, whatever happens. */
  readonly refreshFamilySeconds: number;
  /** Derives refresh tokens; at least 32 characters. */
  readonly sessionSecret: string;
}

/** From where somebody signs in. */
export interface ClientFacts {
  readonly ip: string;
  readonly userAgent: string;
  /** ISO 3166-1 alpha-2, where a trusted proxy names it. */
  readonly country?: string | undefined;
}
