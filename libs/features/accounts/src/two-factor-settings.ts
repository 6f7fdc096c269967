import type { Principal } from '@cartwright/api-core';
import { DomainError } from '@cartwright/domain-errors';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import {
  hashRecoveryCode,
  newRecoveryCodes,
  qrCodeOf,
  type PasswordHasher,
  type SecretBox,
  type Totp,
} from '@cartwright/platform-security';
import type { AuditPort, ClientFacts } from './accounts.ports.ts';
import type { AuthLimits } from './auth-limits.ts';
import type { SecondFactor } from './second-factor.ts';
import { securityEvent } from './security-event.ts';
import type { SessionStore } from './session-store.ts';
import { stepUpFrom } from './step-up.ts';
import type { TwoFactorSetupDto, TwoFactorStatusDto } from './two-factor.contracts.ts';
import type { TwoFactorChange, TwoFactorNews } from './two-factor-news.ts';
import type { TwoFactorRepository } from './two-factor-repository.ts';
import type { UserRepository } from './user-repository.ts';
import type { User } from './user.ts';

/** What the audit log calls changes. */
const ACTIONS: Readonly<Record<TwoFactorChange, string>> = {
  enabled: 'twoFactor.enabled',
  disabled: 'twoFactor.disabled',
  codes_renewed: 'twoFactor.recoveryCodesRenewed',
  code_used: 'twoFactor.recoveryUsed',
};

interface Caller {
  readonly principal: Principal;
  readonly facts: ClientFacts;
}

/** What users do with their own second factor. */
export function createTwoFactorSettings(dependencies: {
  mongo: Pick<Mongo, 'transaction'>;
  users: Pick<UserRepository, 'byId'>;
  twoFactors: Pick<TwoFactorRepository, 'setPending' | 'enable' | 'replaceRecoveryCodes' | 'clear'>;
  secondFactor: Pick<SecondFactor, 'prove'>;
  totp: Totp;
  secrets: SecretBox;
  sessions: Pick<SessionStore, 'load' | 'stepUp'>;
  passwords: Pick<PasswordHasher, 'verify'>;
  limits: Pick<AuthLimits, 'loggingIn' | 'loggedIn'>;
  news: TwoFactorNews;
  audit: AuditPort;
  clock: () => Date;
}) {
  const { mongo, users, twoFactors, secondFactor, totp, secrets, sessions, passwords, limits, news, audit, clock } =
    dependencies;

  async function userOf({ userId }: Principal): Promise<User> {
    const user = await users.byId(userId);
    if (!user) throw new DomainError('UNAUTHENTICATED');
    return user;
  }

  /** New codes, and what is kept of them. */
  function recoveryCodesFor(userId: string): { recoveryCodes: string[]; hashes: string[] } {
    const recoveryCodes = newRecoveryCodes();
    return { recoveryCodes, hashes: recoveryCodes.map((code) => hashRecoveryCode(code, userId)) };
  }

  async function requireCodeShown({ sessionId }: Principal): Promise<void> {
    const until = (await sessions.load(sessionId))?.codeShownUntil;
    if (until === undefined || until <= clock()) throw new DomainError('STEP_UP_REQUIRED');
  }

  /**
   * Changes with an entry in the audit log and news to the user, all or none; false when there was nothing to change.
   */
  const changed = (what: TwoFactorChange, { principal, facts }: Caller, change: (tx: Tx) => Promise<boolean>) =>
    mongo.transaction(async (tx) => {
      if (!(await change(tx))) return false;
      const { userId, sessionId } = principal;
      await audit.append({ ...securityEvent(ACTIONS[what], userId, facts), sessionId }, tx);
      await news(userId, what, tx);
      return true;
    });

  return {
    async status(principal: Principal): Promise<TwoFactorStatusDto> {
      const enabled = (await userOf(principal)).twoFactor?.enabled;
      return {
        enabled: enabled !== undefined,
        since: enabled?.since ?? null,
        recoveryCodesLeft: enabled?.recoveryCodes.length ?? 0,
      };
    },

    /**
     * Makes a secret for an authenticator app. Nothing is asked for at sign-in until `enable` has seen a code of it; another
     * setup replaces it. Throws TWO_FACTOR_ALREADY_ENABLED.
     */
    async setup(principal: Principal): Promise<TwoFactorSetupDto> {
      const user = await userOf(principal);
      const secret = totp.newSecret();
      const kept = await twoFactors.setPending(user.id, secrets.seal(secret, user.id));
      if (!kept) throw new DomainError('TWO_FACTOR_ALREADY_ENABLED');
      const otpauthUrl = totp.uriOf({ secret, account: user.email });
      return { secret, otpauthUrl, qrCode: await qrCodeOf(otpauthUrl) };
    },

    /**
     * Turns on what was set up, by a code of it; answers the recovery codes, which are not shown again. Throws
     * TWO_FACTOR_CODE_INVALID, TWO_FACTOR_SETUP_REQUIRED, TWO_FACTOR_ALREADY_ENABLED.
     */
    async enable(principal: Principal, code: string, facts: ClientFacts): Promise<{ recoveryCodes: string[] }> {
      const { id, twoFactor } = await userOf(principal);
      if (twoFactor?.enabled) throw new DomainError('TWO_FACTOR_ALREADY_ENABLED');
      if (!twoFactor?.pending) throw new DomainError('TWO_FACTOR_SETUP_REQUIRED');
      const { secret } = twoFactor.pending;
      const now = clock();
      const lastStep = totp.stepOf({ secret: secrets.open(secret, id), code, now });
      if (lastStep === undefined) throw new DomainError('TWO_FACTOR_CODE_INVALID');
      const { recoveryCodes, hashes } = recoveryCodesFor(id);
      const enabled = { secret, since: now, lastStep, recoveryCodes: hashes };
      const kept = await changed('enabled', { principal, facts }, (tx) => twoFactors.enable(id, enabled, tx));
      // Set up anew or enabled meanwhile: the codes made here are nobody's.
      if (!kept) throw new DomainError('VERSION_CONFLICT', { what: 'user' });
      // Without it a code is asked for again; the recovery codes must be shown.
      await sessions.stepUp(principal.sessionId, stepUpFrom(now), { byCode: true }).catch(() => undefined);
      return { recoveryCodes };
    },

    /** Turns it off. Throws INVALID_CREDENTIALS, TWO_FACTOR_CODE_INVALID, TWO_FACTOR_NOT_ENABLED, RATE_LIMITED. */
    async disable(
      principal: Principal,
      { password, code }: { password: string; code: string },
      facts: ClientFacts,
    ): Promise<void> {
      const user = await userOf(principal);
      await limits.loggingIn(user.email, facts.ip);
      if (!(await passwords.verify(password, user.passwordHash))) throw new DomainError('INVALID_CREDENTIALS');
      await limits.loggedIn(user.email, facts.ip);
      await secondFactor.prove(user, { code }, facts);
      await changed('disabled', { principal, facts }, (tx) => twoFactors.clear(user.id, tx));
    },

    /**
     * Ten new recovery codes; those before are good no more. Asks for a code of the app, unless this session has shown one
     * within the last ten minutes: whoever found a device signed in, and knows the password, must not get codes by which to
     * turn the second factor against its owner. Throws STEP_UP_REQUIRED, TWO_FACTOR_NOT_ENABLED, TWO_FACTOR_CODE_INVALID,
     * RATE_LIMITED.
     */
    async regenerateRecoveryCodes(
      principal: Principal,
      code: string | undefined,
      facts: ClientFacts,
    ): Promise<{ recoveryCodes: string[] }> {
      const user = await userOf(principal);
      if (code === undefined) await requireCodeShown(principal);
      else await secondFactor.prove(user, { code }, facts);
      const { recoveryCodes, hashes } = recoveryCodesFor(user.id);
      const kept = await changed('codes_renewed', { principal, facts }, (tx) =>
        twoFactors.replaceRecoveryCodes(user.id, hashes, tx),
      );
      if (!kept) throw new DomainError('TWO_FACTOR_NOT_ENABLED');
      return { recoveryCodes };
    },
  };
}

export type TwoFactorSettings = ReturnType<typeof createTwoFactorSettings>;
