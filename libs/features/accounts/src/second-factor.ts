import { DomainError } from '@cartwright/domain-errors';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import { hashRecoveryCode, type SecretBox, type Totp } from '@cartwright/platform-security';
import type { AuditPort, ClientFacts } from './accounts.ports.ts';
import type { AuthLimits } from './auth-limits.ts';
import type { TwoFactorNews } from './two-factor-news.ts';
import type { TwoFactorRepository } from './two-factor-repository.ts';
import type { EnabledTwoFactor, SecondFactorProof } from './two-factor.ts';
import type { User } from './user.ts';

/** What somebody wrote in the one field for both: six digits, spaced as apps show them, are of an app. */
function proofOf(text: string): SecondFactorProof {
  const digits = text.replaceAll(/\s/g, '');
  return /^\d{6}$/.test(digits) ? { code: digits } : { recoveryCode: text };
}

/** Checks second factors, for every use case that asks for one. */
export function createSecondFactor(dependencies: {
  mongo: Pick<Mongo, 'transaction'>;
  twoFactors: Pick<TwoFactorRepository, 'useStep' | 'useRecoveryCode' | 'clear'>;
  totp: Pick<Totp, 'stepOf'>;
  secrets: SecretBox;
  limits: Pick<AuthLimits, 'provingSecondFactor'>;
  news: TwoFactorNews;
  audit: AuditPort;
  clock: () => Date;
}) {
  const { mongo, twoFactors, totp, secrets, limits, news, audit, clock } = dependencies;

  async function useCode(userId: string, enabled: EnabledTwoFactor, code: string): Promise<boolean> {
    const { secret } = enabled;
    const opened = secrets.open(secret, userId);
    const step = totp.stepOf({ secret: opened, code, now: clock() });
    if (step === undefined) return false;
    // A key that only opens is on its way out: whoever comes by takes the one that seals.
    const resealed = secrets.isCurrent(secret) ? {} : { resealed: secrets.seal(opened, userId) };
    return twoFactors.useStep(userId, { secret, step, ...resealed });
  }

  const entryOf = (action: string, userId: string, { ip, userAgent }: ClientFacts) => ({
    action,
    actor: { kind: 'user' as const, id: userId },
    ip,
    userAgent,
  });

  const useRecoveryCode = (userId: string, code: string, facts: ClientFacts): Promise<boolean> =>
    mongo.transaction(async (tx) => {
      const used = await twoFactors.useRecoveryCode(userId, hashRecoveryCode(code, userId), tx);
      if (!used) return false;
      await audit.append({ ...entryOf('twoFactor.recoveryUsed', userId, facts), outcome: 'ok' }, tx);
      await news(userId, 'code_used', tx);
      return true;
    });

  /**
   * Takes a proof of the second factor and uses it up: the same code is not good a second time. The try is counted before
   * anything is looked at, for all instances together. Throws TWO_FACTOR_CODE_INVALID, TWO_FACTOR_NOT_ENABLED,
   * RATE_LIMITED.
   */
  async function prove(user: User, proof: SecondFactorProof, facts: ClientFacts): Promise<void> {
    const enabled = user.twoFactor?.enabled;
    if (!enabled) throw new DomainError('TWO_FACTOR_NOT_ENABLED');
    const proved = await limits.provingSecondFactor(user.id, facts.ip);
    const good =
      'code' in proof
        ? await useCode(user.id, enabled, proof.code)
        : await useRecoveryCode(user.id, proof.recoveryCode, facts);
    if (!good) {
      await audit.append({ ...entryOf('twoFactor.failed', user.id, facts), outcome: 'refused' });
      throw new DomainError('TWO_FACTOR_CODE_INVALID');
    }
    await proved();
  }

  return {
    prove,

    /**
     * For what a password or a mailed link alone must not open: asks for a code, of the app or a recovery code, where there
     * is a second factor, and for nothing where there is none. Throws TWO_FACTOR_REQUIRED when the code is missing, else as `prove`.
     */
    async require(user: User, code: string | undefined, facts: ClientFacts): Promise<void> {
      if (!user.twoFactor?.enabled) return;
      if (code === undefined) throw new DomainError('TWO_FACTOR_REQUIRED');
      await prove(user, proofOf(code), facts);
    },

    /**
     * Turns the second factor off without asking for it, for administrators and resets; false when there was none. In the
     * caller's transaction, as what it belongs to.
     */
    clear: (userId: string, tx: Tx): Promise<boolean> => twoFactors.clear(userId, tx),
  };
}

export type SecondFactor = ReturnType<typeof createSecondFactor>;
