import { DomainError, notFound } from '@cartwright/domain-errors';
import { collectingAudit, collectingLogger } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RequestContext } from './context.sealed.ts';
import { createCallerFactory, requirePermission, router } from './trpc.ts';

const target = { kind: 'user', field: 'userId' };
const input = z.strictObject({ userId: z.string(), role: z.string(), reason: z.string().optional() });

const failing = (error: Error) =>
  requirePermission('users.manage').mutation(() => {
    throw error;
  });

let ran = 0;
const app = router({
  people: requirePermission('users.read', { personal: true }).query(() => 'people'),
  noOne: requirePermission('users.read', { personal: true }).query(() => {
    throw notFound('user');
  }),
  counts: requirePermission('analytics.read').query(() => 'counts'),
  change: requirePermission('users.manage', { target, fields: ['role', 'userId'] })
    .input(input)
    .mutation(() => {
      ran += 1;
      return 'done';
    }),
  make: requirePermission('users.manage', { fields: ['kind'], answers: ['id'] })
    .input(z.strictObject({ kind: z.string() }))
    .mutation(() => ({ id: 'made', email: 'ada@cartwright.test' })),
  changeMany: requirePermission('users.manage', { fields: ['userIds'] })
    .input(z.strictObject({ userIds: z.array(z.string()) }))
    .mutation(() => 'done'),
  forbid: failing(new DomainError('FORBIDDEN')),
  away: failing(Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' })),
  defect: failing(new Error('a defect')),
});

function setUp(role: 'admin' | 'customer' = 'admin') {
  const audit = collectingAudit();
  const ctx: RequestContext = {
    requestId: 'r1',
    ip: '203.0.113.1',
    userAgent: 'test',
    transport: 'http',
    authenticate: async () => ({ userId: 'u1', sessionId: 's1', role, emailVerified: true, stepUpUntil: null }),
    audit,
    logger: collectingLogger().logger,
  };
  return {
    audit,
    caller: createCallerFactory(app)(ctx),
    callerWith: (other: Partial<RequestContext>) => createCallerFactory(app)({ ...ctx, ...other }),
  };
}

const change = { userId: 'u2', role: 'staff', reason: 'Ada asked for it' };

describe('what administrators do', () => {
  it('is recorded with the id of what was made', async () => {
    const { audit, caller } = setUp();
    await caller.make({ kind: 'file' });
    expect(audit.entries).toMatchObject([{ action: 'make', outcome: 'ok', details: { kind: 'file', id: 'made' } }]);
    expect(JSON.stringify(audit.entries)).not.toContain('ada@');
  });

  it('is recorded with who, whom and what was chosen, and nothing that somebody wrote', async () => {
    const { audit, caller } = setUp();
    await caller.change(change);
    expect(audit.entries).toEqual([
      {
        action: 'change',
        actor: { kind: 'user', id: 'u1' },
        target: { kind: 'user', id: 'u2' },
        outcome: 'ok',
        ip: '203.0.113.1',
        userAgent: 'test',
        sessionId: 's1',
        requestId: 'r1',
        details: { role: 'staff', userId: 'u2' },
      },
    ]);
    expect(JSON.stringify(audit.entries)).not.toContain('Ada');
  });

  it('is recorded with all whom it is about, within bounds', async () => {
    const { audit, caller } = setUp();
    const userIds = Array.from({ length: 100 }, (_, index) => `u${index}`);
    await caller.changeMany({ userIds });
    await caller.changeMany({ userIds: [...userIds, 'one-more'] });
    await caller.changeMany({ userIds: ['u'.repeat(101)] });
    await expect(caller.changeMany({ userIds: [{ name: 'Ada' }] } as never)).rejects.toThrow();
    expect(audit.entries.map(({ details }) => details?.userIds)).toEqual([userIds, undefined, undefined, undefined]);
  });

  it('is recorded when it is refused, by a rule or by its input', async () => {
    const { audit, caller } = setUp();
    await expect(caller.forbid()).rejects.toThrow('FORBIDDEN');
    await expect(caller.change({ userId: 'u2', role: 7 } as never)).rejects.toThrow();
    await expect(caller.change(null as never)).rejects.toThrow();
    expect(audit.entries.map(({ outcome, details }) => [outcome, details?.reason])).toEqual([
      ['refused', 'FORBIDDEN'],
      ['refused', 'INVALID_INPUT'],
      ['refused', 'INVALID_INPUT'],
    ]);
  });

  it('is of unknown outcome after a failure that may have come too late', async () => {
    const { audit, caller } = setUp();
    await expect(caller.away()).rejects.toThrow('SERVICE_UNAVAILABLE');
    await expect(caller.defect()).rejects.toThrow();
    expect(audit.entries.map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown']);
  });

  it('is not done when it can not be recorded', async () => {
    const { callerWith, audit } = setUp();
    const before = ran;
    const caller = callerWith({ audit: { ...audit, begin: () => Promise.reject(new Error('away')) } });
    await expect(caller.change(change)).rejects.toThrow();
    expect(ran).toBe(before);
  });

  it('is noted before it is done', async () => {
    const { callerWith, audit } = setUp();
    let ranAtBegin = -1;
    const begin: typeof audit.begin = (action) => {
      ranAtBegin = ran;
      return audit.begin(action);
    };
    await callerWith({ audit: { ...audit, begin } }).change(change);
    expect(ranAtBegin).toBe(ran - 1);
    expect(audit.begun()).toBe(0);
  });
});

describe('what administrators read', () => {
  it('is recorded when it is of people', async () => {
    const { audit, caller } = setUp();
    expect(await caller.people()).toBe('people');
    expect(await caller.counts()).toBe('counts');
    await expect(caller.noOne()).rejects.toThrow('NOT_FOUND');
    expect(audit.entries.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['people', 'ok'],
      ['noOne', 'refused'],
    ]);
  });

  it('is not answered when it can not be recorded', async () => {
    const { callerWith, audit } = setUp();
    const caller = callerWith({ audit: { ...audit, append: () => Promise.reject(new Error('away')) } });
    await expect(caller.people()).rejects.toThrow();
    expect(await caller.counts()).toBe('counts');
  });
});

it('records nothing of callers without the permission: they could fill the log', async () => {
  const { audit, caller } = setUp('customer');
  await expect(caller.change(change)).rejects.toThrow('FORBIDDEN');
  await expect(caller.people()).rejects.toThrow('FORBIDDEN');
  expect(audit.entries).toEqual([]);
});
