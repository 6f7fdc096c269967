import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { clientWith, signedInTokens, signInAnswer, tokenOf, type Sent } from './links.fixture.ts';
import { user } from './session.fixture.ts';
import type { TokenStorage } from './storage.ts';

describe('whoever takes up an invitation', () => {
  it('is signed in by that', async () => {
    const { api, session, call } = clientWith({});
    const accepted = api.auth.acceptInvite.mutate({ token: 't'.repeat(43), password: 'p'.repeat(12) });
    (await call()).answer(signInAnswer('s1'));
    await accepted;
    expect(session.current()?.sessionId).toBe('s1');
    expect(session.token()).toBe(tokenOf('s1'));
  });
});

describe('a session that ended', () => {
  it('signs out and says so once, however many calls were refused', async () => {
    const { api, session, signedOut, nextCalls } = clientWith({ tokens: signedInTokens('s1') });
    const calls = Promise.allSettled([
      api.account.me.query(),
      api.account.me.query(),
      api.account.sessions.list.query(),
    ]);
    for (const refused of await nextCalls(3)) refused.refuse('SESSION_REVOKED');
    for (const outcome of await calls) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { reason: 'SESSION_REVOKED' } });
    }
    expect(signedOut).toEqual(['SESSION_REVOKED']);
    expect(session.current()).toBeNull();
  });

  it('leaves a newer one alone: a late refusal of the old one is tried again with the new', async () => {
    const { api, session, signedOut, call } = clientWith({ tokens: signedInTokens('s1') });
    const late = api.account.me.query();
    const first = await call();
    const login = api.auth.login.mutate({ email: user.email, password: 'p' });
    (await call()).answer(signInAnswer('s2'));
    await login;
    first.refuse('SESSION_REVOKED');
    const again = await call();
    expect(again.token).toBe(tokenOf('s2'));
    again.answer(user);
    expect(await late).toEqual(user);
    expect(session.current()?.sessionId).toBe('s2');
    expect(signedOut).toEqual([]);
  });

  it('is not taken for the one that another tab has by now', async () => {
    const { api, session, storage, signedOut, call } = clientWith({ tokens: signedInTokens('s1') });
    await session.ready();
    await storage.save(signedInTokens('s2'));
    const reading = api.account.me.query();
    const old = await call();
    expect(old.token).toBe(tokenOf('s1'));
    old.refuse('SESSION_REVOKED');
    const again = await call();
    expect(again.token).toBe(tokenOf('s2'));
    again.answer(user);
    expect(await reading).toEqual(user);
    expect(await storage.load()).toMatchObject({ sessionId: 's2' });
    expect(signedOut).toEqual([]);
  });

  it('is no surprise while the user is signing out', async () => {
    const { api, session, signedOut, nextCalls } = clientWith({ tokens: signedInTokens('s1') });
    const [leaving, reading] = [api.auth.logout.mutate(), api.account.me.query()];
    const [logout, me] = await nextCalls(2);
    me?.refuse('SESSION_REVOKED');
    await expect(reading).rejects.toThrow('SESSION_REVOKED');
    logout?.answer({ ok: true });
    await leaving;
    expect(signedOut).toEqual([]);
    expect(session.current()).toBeNull();
  });
});

describe('an expired token', () => {
  it('is refreshed once for parallel refusals, those that come late included', async () => {
    const refresh = vi.fn(async () => 'again');
    const { api, call, nextCalls } = clientWith({ tokens: signedInTokens('s1'), refresh });
    const calls = [api.account.me.query(), api.account.me.query()];
    const [early, late] = await nextCalls(2);
    early?.refuse('UNAUTHENTICATED');
    (await call()).answer(user);
    await calls[0];
    late?.refuse('UNAUTHENTICATED');
    const again = await call();
    expect(again.token).toBe(tokenOf('again'));
    again.answer(user);
    await calls[1];
    expect(refresh).toHaveBeenCalledOnce();
  });
});

describe('storage that fails', () => {
  it('does not keep an answer from its caller: tokens stay in memory', async () => {
    const broken: TokenStorage = {
      load: () => ({}),
      save: () => Promise.reject(new Error('quota exceeded')),
    };
    const { api, session, call } = clientWith({ storage: broken });
    const login = api.auth.login.mutate({ email: user.email, password: 'p' });
    (await call()).answer(signInAnswer('s1'));
    expect(await login).toMatchObject({ status: 'ok' });
    expect(session.current()?.sessionId).toBe('s1');
    await session.refresh();
    expect(await session.accessToken()).toBe(tokenOf('again'));
  });

  it('does not keep a shop from starting', async () => {
    const broken: TokenStorage = {
      load: () => Promise.reject(new Error('access denied')),
      save: () => Promise.reject(new Error('access denied')),
    };
    const { api, call } = clientWith({ storage: broken });
    const reading = api.catalog.brands.list.query();
    (await call()).answer({ items: [] });
    expect(await reading).toEqual({ items: [] });
  });
});

describe("a guest's first cart", () => {
  it('is one, however many lines are added at once', async () => {
    const { api, call, sent } = clientWith({});
    const adding = ['a', 'b', 'c'].map((variantId) => api.cart.addItem.mutate({ variantId, quantity: 1 }));
    const first = await call();
    expect(sent).toEqual([]);
    first.answer({ id: 'cart', cartToken: 'cart-token' });
    for (const following of [await call(), await call()]) {
      expect(following.cartToken).toBe('cart-token');
      following.answer({ id: 'cart' });
    }
    await Promise.all(adding);
  });

  it('can be opened by the next call when the first one failed', async () => {
    const { api, call } = clientWith({});
    const adding = Promise.allSettled(
      ['a', 'b'].map((variantId) => api.cart.addItem.mutate({ variantId, quantity: 1 })),
    );
    (await call()).refuse('OUT_OF_STOCK');
    (await call()).answer({ id: 'cart', cartToken: 'cart-token' });
    expect((await adding).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });
});

describe('an intent', () => {
  const order = { orderId: 'o' };

  it('keeps its key over all tries, and is tried until the first call has ended', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { api, sent } = clientWith({ tokens: signedInTokens('s1') });
    const paying = api.orders.pay.mutate(order);
    const keys = new Set<unknown>();
    const TRIES = 10;
    for (let tries = 0; tries < TRIES; tries += 1) {
      await vi.waitFor(async () => {
        await vi.advanceTimersByTimeAsync(1_500);
        expect(sent).toHaveLength(1);
      }, 10_000);
      const [{ op, answer, refuse }] = sent.splice(0, 1) as [Sent];
      keys.add((op.input as { idempotencyKey?: string }).idempotencyKey);
      if (tries < TRIES - 1) refuse('IDEMPOTENCY_IN_PROGRESS');
      else answer({ url: 'https://pay.test' });
    }
    expect(await paying).toEqual({ url: 'https://pay.test' });
    expect([...keys]).toEqual([expect.stringMatching(/^[\w-]{24}$/)]);
  });

  it('is tried again a few times when the shop is away, and one without a key not at all', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { api, sent } = clientWith({ tokens: signedInTokens('s1') });
    const triesOf = async (call: Promise<unknown>): Promise<number> => {
      const ended = vi.fn();
      call.then(ended, ended);
      let tries = 0;
      await vi.waitFor(async () => {
        await vi.advanceTimersByTimeAsync(1_500);
        for (const { refuse } of sent.splice(0)) {
          tries += 1;
          refuse('SERVICE_UNAVAILABLE');
        }
        expect(ended).toHaveBeenCalled();
      }, 10_000);
      return tries;
    };
    expect(await triesOf(api.orders.pay.mutate(order))).toBe(4);
    expect(await triesOf(api.cart.clear.mutate())).toBe(1);
  });

  it('is not tried again when its first try took ten seconds to fail', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { api, call } = clientWith({ tokens: signedInTokens('s1') });
    const paying = api.orders.pay.mutate(order);
    const { refuse } = await call();
    vi.setSystemTime(Date.now() + 10_000);
    refuse('SERVICE_UNAVAILABLE');
    await expect(paying).rejects.toMatchObject({ reason: 'SERVICE_UNAVAILABLE' });
  });

  it('is another one with each call that brings no key', async () => {
    const { api, nextCalls } = clientWith({ tokens: signedInTokens('s1') });
    const calls = [api.orders.pay.mutate(order), api.orders.pay.mutate(order)];
    const sent = await nextCalls(2);
    expect(new Set(sent.map(({ op }) => (op.input as { idempotencyKey?: string }).idempotencyKey)).size).toBe(2);
    for (const { answer } of sent) answer({ url: 'https://pay.test' });
    await Promise.all(calls);
  });
});

describe('a dangerous call', () => {
  it('is sent again when the person showed who they are, who is asked once for all calls that wait', async () => {
    const answers: ((confirmed: boolean) => void)[] = [];
    const onStepUp = vi.fn(() => new Promise<boolean>((resolve) => answers.push(resolve)));
    const { api, nextCalls } = clientWith({ tokens: signedInTokens('s1'), onStepUp });
    const calls = [
      api.account.twoFactor.regenerateRecoveryCodes.mutate({ code: '123456' }),
      api.account.twoFactor.regenerateRecoveryCodes.mutate({ code: '123456' }),
    ];
    for (const refused of await nextCalls(2)) refused.refuse('STEP_UP_REQUIRED');
    await vi.waitFor(() => expect(onStepUp).toHaveBeenCalledOnce(), 10_000);
    answers[0]?.(true);
    for (const again of await nextCalls(2)) again.answer({ recoveryCodes: ['a'] });
    expect(await Promise.all(calls)).toEqual([{ recoveryCodes: ['a'] }, { recoveryCodes: ['a'] }]);
    expect(onStepUp).toHaveBeenCalledOnce();
  });

  it('is refused when the person does not, when that does not help, and when nobody can be asked', async () => {
    const refusedWith = async (onStepUp: (() => Promise<boolean>) | undefined, tries: number) => {
      const { api, call } = clientWith({ tokens: signedInTokens('s1'), ...(onStepUp ? { onStepUp } : {}) });
      const calling = api.account.twoFactor.setup.mutate();
      for (let count = 0; count < tries; count += 1) (await call()).refuse('STEP_UP_REQUIRED');
      await expect(calling).rejects.toMatchObject({ reason: 'STEP_UP_REQUIRED' });
    };
    await refusedWith(async () => false, 1);
    await refusedWith(async () => true, 2);
    await refusedWith(undefined, 1);
  });
});
