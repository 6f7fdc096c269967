import { DomainError } from '@cartwright/domain-errors';
import type { Logger } from '@cartwright/platform-logger';
import { randomToken, type TokenIssuer } from '@cartwright/platform-security';
import { assertNotBanned } from './ban.ts';
import type { SignedInDto } from './accounts.contracts.ts';
import type { AuditPort, CartMergePort, ClientFacts } from './accounts.ports.ts';
import type { RefreshTokens } from './refresh-token.ts';
import { securityEvent } from './security-event.ts';
import type { SessionStore } from './session-store.ts';
import { stepUpFrom } from './step-up.ts';
import { isSameStanding, standingOf, type CarryStanding } from './standing.ts';
import type { UserRepository } from './user-repository.ts';
import { toUserDto, type User } from './user.ts';

const SESSION_ID_BYTES = 16;
const USER_AGENT_MAX = 300;

/** What comes with a sign-in besides the credentials. */
export interface SignInFacts extends ClientFacts {
  readonly deviceName?: string | undefined;
  readonly cartToken?: string | undefined;
  /** Whether a code of the authenticator app was shown. */
  readonly codeShown?: boolean;
}

/** Tells one second factor from another, and from none. */
const secondFactorOf = ({ twoFactor }: User): number => twoFactor?.enabled?.since.getTime() ?? 0;

/** Gives somebody whose credentials were found good a session. Throws ACCOUNT_BANNED, with reason and end. */
export type SignIn = (known: User, facts: SignInFacts) => Promise<SignedInDto>;

/** The last step of every way in: the session, and the guest's cart in the user's. */
export function createSignIn(dependencies: {
  users: Pick<UserRepository, 'byId'>;
  sessions: Pick<SessionStore, 'create' | 'end'>;
  carryStanding: CarryStanding;
  refreshTokens: RefreshTokens;
  tokens: Pick<TokenIssuer, 'issue'>;
  carts: CartMergePort;
  audit: AuditPort;
  familySeconds: number;
  clock: () => Date;
  logger: Logger;
}): SignIn {
  const { users, sessions, carryStanding, refreshTokens, tokens, carts, audit, familySeconds, clock, logger } =
    dependencies;

  /** A cart that can't be merged now must not keep anybody out: it stays the guest's, for the next sign-in. */
  async function mergeCart(cartToken: string | undefined, userId: string): Promise<{ cartMerged?: boolean }> {
    if (cartToken === undefined) return {};
    try {
      return { cartMerged: await carts.merge(cartToken, userId) };
    } catch (error) {
      logger.warn({ err: error, userId }, 'the guest cart could not be merged');
      return { cartMerged: false };
    }
  }

  /**
   * The user as of now. Changes reach the sessions that are there: what changed after the user was read and before the
   * new session was there is carried into it here. Throws INVALID_CREDENTIALS when what was shown is not enough by now:
   * the password is another one, or a second factor was turned on. Throws ACCOUNT_BANNED.
   */
  async function confirm(known: User, sessionId: string): Promise<User> {
    const user = await users.byId(known.id);
    const asShown = user?.passwordHash === known.passwordHash && secondFactorOf(user) === secondFactorOf(known);
    if (!asShown) {
      await sessions.end(known.id, [sessionId]);
      throw new DomainError('INVALID_CREDENTIALS');
    }
    // A session that came to be while its user was being banned would outlive it.
    if (!isSameStanding(user, known)) await carryStanding(user.id);
    assertNotBanned(user, clock());
    return user;
  }

  return async (known, facts) => {
    const now = clock();
    assertNotBanned(known, now);
    const sessionId = randomToken(SESSION_ID_BYTES);
    const token = refreshTokens.first(sessionId);
    const userAgent = facts.userAgent.slice(0, USER_AGENT_MAX);
    await sessions.create(
      {
        id: sessionId,
        userId: known.id,
        ...standingOf(known),
        deviceName: facts.deviceName ?? '',
        ip: facts.ip,
        country: facts.country ?? '',
        userAgent,
        createdAt: now,
        lastSeenAt: now,
        stepUpUntil: stepUpFrom(now),
        ...(facts.codeShown ? { codeShownUntil: stepUpFrom(now) } : {}),
        endsAt: new Date(now.getTime() + familySeconds * 1_000),
      },
      token,
    );
    const user = await confirm(known, sessionId);
    await audit.append({ ...securityEvent('login.succeeded', user.id, { ip: facts.ip, userAgent }), sessionId });
    const accessToken = await tokens.issue({ userId: user.id, sessionId });
    const merged = await mergeCart(facts.cartToken, user.id);
    const refreshToken = refreshTokens.format(token);
    return { status: 'ok', user: toUserDto(user), accessToken, refreshToken, sessionId, ...merged };
  };
}
