import type { Principal } from '@cartwright/api-core';
import { ada, client, codeOf, type OpenAccounts } from './accounts.fixture.ts';

/** The next code of the app is another one. */
export const nextStep = (app: OpenAccounts): void => app.clock.advance(30_000);

/** Somebody new, signed in. */
export async function register(app: OpenAccounts): Promise<Principal> {
  const { accessToken } = await app.auth.register(ada, client);
  return app.auth.authenticate(accessToken);
}

/** Somebody with a second factor; the code that turned it on is used, the next one is not. */
export async function withTwoFactor(app: OpenAccounts) {
  const principal = await register(app);
  const { secret } = await app.twoFactor.setup(principal);
  const { recoveryCodes } = await app.twoFactor.enable(principal, codeOf(app, secret), client);
  nextStep(app);
  return { principal, secret, recoveryCodes };
}

/** What a sign-in with the password alone comes to. */
export async function challengeOf(app: Pick<OpenAccounts, 'auth'>, facts = client): Promise<string> {
  const answer = await app.auth.login(ada, { ...facts, deviceName: 'phone' });
  if (answer.status !== 'two_factor_required') throw new Error('No second factor was asked for');
  return answer.challenge;
}

/** The one user as stored. */
export const storedUser = (app: OpenAccounts) => app.db.mongo.connection.collection('users').findOne({});
/** How many of many calls worked. */
export const fulfilled = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
  outcomes.filter(({ status }) => status === 'fulfilled').length;
/** What the audit log tells. */
export const actions = (app: OpenAccounts): string[] => app.audit.entries.map(({ action }) => action);
