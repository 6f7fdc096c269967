import type { Principal } from '@cartwright/api-core';
import { DomainError, notFound } from '@cartwright/domain-errors';
import type { Logger } from '@cartwright/platform-logger';
import { newId, type Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { randomToken, type PasswordHasher, type TokenIssuer } from '@cartwright/platform-security';
import type { SignedInDto } from './accounts.contracts.ts';
import { userRegistered } from './accounts.events.ts';
import type { CartMergePort, ClientFacts } from './accounts.ports.ts';
import type { AuthLimits } from './auth-limits.ts';
import type { RefreshTokens } from './refresh-token.ts';
import type { SessionStore } from './session-store.ts';
import { isEmailTaken, type UserRepository } from './user-repository.ts';
import { toUserDto, type User } from './user.ts';

const SESSION_ID_BYTES = 16;
const USER_AGENT_MAX = 300;

/** What comes with a sign-in besides the credentials. */
export interface SignInFacts extends ClientFacts {
  readonly deviceName?: string | undefined;
  readonly cartToken?: string | undefined;
}

export interface AuthServiceDependencies {
  readonly users: UserRepository;
  readonly sessions: SessionStore;
  readonly refreshTokens: RefreshTokens;
  readonly tokens: Pick<TokenIssuer, 'issue' | 'verify'>;
  readonly passwords: PasswordHasher;
  readonly limits: AuthLimits;
  readonly carts: CartMergePort;
  readonly mongo: Pick<Mongo, 'transaction'>;
  readonly outbox: Pick<Outbox, 'append'>;
  readonly familySeconds: number;
  readonly clock: () => Date;
  readonly logger: Logger;
}

/** Signing in and out, and telling who calls. */
export function createAuthService(dependencies: AuthServiceDependencies) {
  const { users, sessions, refreshTokens, tokens, passwords, limits, carts, mongo, outbox, clock, logger } =
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
   * new session was there is carried into it here. Throws INVALID_CREDENTIALS when the password is another one by now.
   */
  async function confirm(known: User, sessionId: string): Promise<User> {
    const user = await users.byId(known.id);
    if (user?.passwordHash !== known.passwordHash) {
      await sessions.end(known.id, [sessionId]);
      throw new DomainError('INVALID_CREDENTIALS');
    }
    const emailVerified = user.emailVerifiedAt !== null;
    if (user.role !== known.role || emailVerified !== (known.emailVerifiedAt !== null)) {
      await sessions.setStanding(user.id, { role: user.role, emailVerified });
    }
    return user;
  }

  async function signIn(known: User, facts: SignInFacts): Promise<SignedInDto> {
    const now = clock();
    const sessionId = randomToken(SESSION_ID_BYTES);
    const token = refreshTokens.first(sessionId);
    const userAgent = facts.userAgent.slice(0, USER_AGENT_MAX);
    await sessions.create(
      {
        id: sessionId,
        userId: known.id,
        role: known.role,
        emailVerified: known.emailVerifiedAt !== null,
        deviceName: facts.deviceName ?? '',
        ip: facts.ip,
        userAgent,
        createdAt: now,
        lastSeenAt: now,
        endsAt: new Date(now.getTime() + dependencies.familySeconds * 1_000),
      },
      token,
    );
    const user = await confirm(known, sessionId);
    const accessToken = await tokens.issue({ userId: user.id, sessionId });
    const merged = await mergeCart(facts.cartToken, user.id);
    const refreshToken = refreshTokens.format(token);
    return { status: 'ok', user: toUserDto(user), accessToken, refreshToken, sessionId, ...merged };
  }

  /** Writes a new user with its event. Throws EMAIL_TAKEN. */
  async function createUser(facts: Pick<User, 'email' | 'name' | 'role' | 'emailVerifiedAt'> & { password: string }) {
    const { password, ...rest } = facts;
    const passwordHash = await passwords.hash(password);
    const user: User = { ...rest, id: newId(), passwordHash, createdAt: clock(), version: 1 };
    const event = {
      event: userRegistered,
      aggregateId: user.id,
      aggregateVersion: user.version,
      payload: { userId: user.id, role: user.role },
      occurredAt: user.createdAt,
    };
    try {
      await mongo.transaction(async (tx) => {
        await users.insert(user, tx);
        await outbox.append(tx, [event]);
      });
    } catch (error) {
      if (isEmailTaken(error)) throw new DomainError('EMAIL_TAKEN');
      throw error;
    }
    return user;
  }

  return {
    createUser,

    /** Makes an account and signs in. Throws EMAIL_TAKEN, RATE_LIMITED. */
    async register(input: { email: string; password: string; name: string }, facts: SignInFacts): Promise<SignedInDto> {
      await limits.registering(facts.ip);
      // Known already: no need to spend a password hash.
      if (await users.byEmail(input.email)) throw new DomainError('EMAIL_TAKEN');
      return signIn(await createUser({ ...input, role: 'customer', emailVerifiedAt: null }), facts);
    },

    /** Throws INVALID_CREDENTIALS, alike and after the same time for unknown addresses and wrong passwords. */
    async login(input: { email: string; password: string }, facts: SignInFacts): Promise<SignedInDto> {
      await limits.loggingIn(input.email, facts.ip);
      const user = await users.byEmail(input.email);
      const fits = await passwords.verify(input.password, user?.passwordHash);
      if (!user || !fits) throw new DomainError('INVALID_CREDENTIALS');
      await limits.loggedIn(input.email, facts.ip);
      return signIn(user, facts);
    },

    /**
     * Exchanges a refresh token. The same one may be presented again within 30 s, as after a lost answer, and gets the
     * same successor. Throws REFRESH_TOKEN_REUSED for an older one (its session is ended), else REFRESH_TOKEN_INVALID.
     */
    async refresh(refreshToken: string, facts: Pick<ClientFacts, 'ip'>) {
      await limits.refreshing(facts.ip);
      const token = refreshTokens.parse(refreshToken);
      if (!token) throw new DomainError('REFRESH_TOKEN_INVALID');
      const { sessionId } = token;
      const session = await sessions.load(sessionId);
      if (!session) throw new DomainError('REFRESH_TOKEN_INVALID');
      const successor = refreshTokens.successor(token);
      const outcome = await sessions.rotate(token, successor);
      switch (outcome) {
        case 'gone':
          throw new DomainError('REFRESH_TOKEN_INVALID');
        case 'reused':
          logger.warn({ userId: session.userId, sessionId }, 'a refresh token was used again; its session is ended');
          await sessions.end(session.userId, [sessionId]);
          throw new DomainError('REFRESH_TOKEN_REUSED');
        case 'rotated':
        case 'retried': {
          const accessToken = await tokens.issue({ userId: session.userId, sessionId });
          return { accessToken, refreshToken: refreshTokens.format(successor), sessionId };
        }
      }
    },

    logout: (principal: Principal): Promise<void> => sessions.end(principal.userId, [principal.sessionId]),
    logoutAll: (principal: Principal): Promise<void> => sessions.endAllOf(principal.userId),

    /** Who calls with this access token. Throws UNAUTHENTICATED (forged, expired) or SESSION_REVOKED (signed out). */
    async authenticate(accessToken: string): Promise<Principal> {
      const { userId, sessionId } = await tokens.verify(accessToken);
      const session = await sessions.touch(sessionId);
      if (!session || session.userId !== userId) throw new DomainError('SESSION_REVOKED');
      return { userId, sessionId, role: session.role, emailVerified: session.emailVerified };
    },

    /** The user's sessions, the latest first. */
    async listSessions(principal: Principal) {
      const list = await sessions.listOf(principal.userId);
      return list.map(({ id, deviceName, ip, userAgent, createdAt, lastSeenAt }) => {
        const current = id === principal.sessionId;
        return { id, deviceName, ip, userAgent, createdAt, lastSeenAt, current };
      });
    },

    /** Ends one of the user's own sessions. Throws NOT_FOUND for anybody else's. */
    async revokeSession(principal: Principal, sessionId: string): Promise<void> {
      const session = await sessions.load(sessionId);
      if (session?.userId !== principal.userId) throw notFound('session');
      await sessions.end(principal.userId, [sessionId]);
    },
  };
}

export type AuthService = ReturnType<typeof createAuthService>;
