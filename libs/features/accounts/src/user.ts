import type { Role } from '@cartwright/domain-permissions';
import type { Ban } from './ban.ts';
import type { TwoFactor } from './two-factor.ts';
import type { PendingEmail } from './pending-email.ts';
import type { RemovalNotice } from './removal-notice.ts';
import type { UserDto } from './accounts.contracts.ts';

/** What an invitation is for. */
export interface Invite {
  readonly role: Role;
  /** The administrator. */
  readonly by: string;
  readonly at: Date;
}

/** Somebody with an account. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  /** Empty when there is no password: one must be set by mail before the user can sign in. */
  readonly passwordHash: string;
  readonly role: Role;
  readonly emailVerifiedAt: Date | null;
  readonly createdAt: Date;
  readonly ban?: Ban | undefined;
  /** Of somebody who was invited and has not come yet. */
  readonly invite?: Invite | undefined;
  readonly pendingEmail?: PendingEmail | undefined;
  readonly removal?: RemovalNotice | undefined;
  readonly twoFactor?: TwoFactor;
  readonly version: number;
}

/** So many words of a name are looked at. */
const SEARCHED_WORDS = 6;

/** Stands for the hash of a password where there is none. */
export const NO_PASSWORD = '';

/** The form in which addresses are compared: composed letters, no capitals. */
export const normalizeEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();

/** The beginnings by which a name is found: of the whole and of each further word, as they are compared. */
export function nameKeysOf(name: string): string[] {
  const words = name.trim().normalize('NFC').toLowerCase().split(/\s+/).slice(0, SEARCHED_WORDS);
  return words.map((_, index) => words.slice(index).join(' '));
}

export const toUserDto = (user: User): UserDto => ({
  id: user.id,
  email: user.email,
  name: user.name,
  role: user.role,
  emailVerified: user.emailVerifiedAt !== null,
  createdAt: user.createdAt,
  ...(user.pendingEmail ? { pendingEmail: user.pendingEmail.email } : {}),
  ...(user.removal ? { removalDueAt: user.removal.dueAt } : {}),
});
