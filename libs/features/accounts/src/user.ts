import type { Role } from '@cartwright/domain-permissions';
import type { TwoFactor } from './two-factor.ts';
import type { UserDto } from './accounts.contracts.ts';

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
  readonly twoFactor?: TwoFactor;
  readonly version: number;
}

/** The form in which addresses are compared: composed letters, no capitals. */
export const normalizeEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();

export const toUserDto = (user: User): UserDto => ({
  id: user.id,
  email: user.email,
  name: user.name,
  role: user.role,
  emailVerified: user.emailVerifiedAt !== null,
  createdAt: user.createdAt,
});
