import { createTRPCClient, type Operation, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { expect, vi } from 'vitest';
import type { AppRouter } from './app-router.ts';
import { createSessionLink } from './links.ts';
import { refusal, user } from './session.fixture.ts';
import { createSessionStore, type SignedOutReason } from './session.ts';
import { memoryTokenStorage, type StoredTokens, type TokenStorage } from './storage.ts';

const exp = Math.floor(Date.now() / 1000) + 600;
export const tokenOf = (name: string) => `${name}.${btoa(JSON.stringify({ exp }))}.s`;
export const signedInTokens = (name: string): StoredTokens => ({
  accessToken: tokenOf(name),
  refreshToken: `refresh-${name}`,
  sessionId: name,
  user,
});
/** What signing in answers with. */
export const signInAnswer = (name: string) => ({ status: 'ok', ...signedInTokens(name) });

/** A call that waits for the test to answer it. */
export interface Sent {
  op: Operation;
  token: string | undefined;
  cartToken: string | undefined;
  answer(data: unknown): void;
  refuse(reason: string): void;
}

/** A client of the links whose calls the test answers, and the session below them. */
export function clientWith(options: {
  tokens?: StoredTokens;
  storage?: TokenStorage;
  refresh?: () => Promise<string>;
  onStepUp?: () => Promise<boolean>;
}) {
  const signedOut: SignedOutReason[] = [];
  const storage = options.storage ?? memoryTokenStorage(options.tokens);
  const session = createSessionStore({
    storage,
    exchange: async () => {
      const name = await (options.refresh ?? (async () => 'again'))();
      return { accessToken: tokenOf(name), refreshToken: `refresh-${name}`, sessionId: 's1' };
    },
    refusalOf: () => null,
    onSignedOut: (reason) => signedOut.push(reason),
  });
  const sent: Sent[] = [];
  const transport: TRPCLink<AppRouter> =
    () =>
    ({ op }) =>
      observable((observer) => {
        void Promise.all([session.accessToken(), session.cartToken()]).then(([token, cartToken]) => {
          sent.push({
            op,
            token,
            cartToken,
            answer: (data) => {
              observer.next({ result: { type: 'data', data } });
              observer.complete();
            },
            refuse: (reason) => observer.error(refusal(reason)),
          });
        });
      });
  const api = createTRPCClient<AppRouter>({
    links: [createSessionLink(session, { onStepUp: options.onStepUp }), transport],
  });
  const nextCalls = async (count: number): Promise<Sent[]> => {
    await vi.waitFor(() => expect(sent.length).toBeGreaterThanOrEqual(count), 10_000);
    return sent.splice(0, count);
  };
  const call = async (): Promise<Sent> => {
    const [first] = await nextCalls(1);
    if (!first) throw new Error('Nothing was sent');
    return first;
  };
  return { api, session, storage, signedOut, sent, call, nextCalls };
}
