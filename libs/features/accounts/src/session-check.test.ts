import { describe, expect, it } from 'vitest';
import { createSessionCheck } from './session-check.ts';
import type { Session } from './session-store.ts';

const session = { id: 's1', userId: 'u1' } as Session;

/** A check whose looks are answered by hand, and whose clock stands. */
function open({ listening = true }: { listening?: boolean } = {}) {
  let at = 0;
  const pending: { resolve: (session: Session | null) => void; reject: (error: Error) => void }[] = [];
  const check = createSessionCheck({
    sessions: { touch: () => new Promise((resolve, reject) => pending.push({ resolve, reject })) },
    now: () => at,
  });
  check.setListening(listening);
  return {
    check,
    looks: () => pending.length,
    answer: (found: Session | null, index = pending.length - 1) => pending[index]?.resolve(found),
    fail: () => pending.at(-1)?.reject(new Error('away')),
    advance: (ms: number) => void (at += ms),
  };
}

const found = async (app: ReturnType<typeof open>, answer: Session | null = session) => {
  const finding = app.check.find('s1');
  app.answer(answer);
  return finding;
};

describe('the check of sessions', () => {
  it('looks once in half a second, counted from the question', async () => {
    const app = open();
    const finding = app.check.find('s1');
    app.advance(300);
    app.answer(session);
    expect(await finding).toBe(session);
    app.advance(199);
    expect(await app.check.find('s1')).toBe(session);
    expect(app.looks()).toBe(1);
    app.advance(1);
    void app.check.find('s1');
    expect(app.looks()).toBe(2);
  });

  it('remembers no refusal', async () => {
    const app = open();
    expect(await found(app, null)).toBeNull();
    expect(await found(app, session)).toBe(session);
    expect(app.looks()).toBe(2);
  });

  it('looks anew when it is asked to', async () => {
    const app = open();
    await found(app);
    const fresh = app.check.find('s1', { fresh: true });
    app.answer(null);
    expect(await fresh).toBeNull();
  });

  it('forgets what ended, also while it looks', async () => {
    const app = open();
    await found(app);
    app.check.forget('s1');
    const overtaken = app.check.find('s1');
    app.check.forget('s1');
    app.answer(session);
    await overtaken;
    void app.check.find('s1');
    expect(app.looks()).toBe(3);
  });

  it('remembers nothing while it can not hear of ends', async () => {
    const app = open({ listening: false });
    await found(app);
    await found(app);
    expect(app.looks()).toBe(2);

    app.check.setListening(true);
    await found(app);
    await app.check.find('s1');
    expect(app.looks()).toBe(3);
    const overtaken = app.check.find('s1', { fresh: true });
    app.check.setListening(false);
    app.check.setListening(true);
    app.answer(session);
    await overtaken;
    void app.check.find('s1');
    expect(app.looks()).toBe(5);
  });

  it('says nothing of a session that nobody can look at', async () => {
    const app = open();
    await found(app);
    app.advance(500);
    const finding = app.check.find('s1');
    app.fail();
    await expect(finding).rejects.toThrow('away');
  });
});
