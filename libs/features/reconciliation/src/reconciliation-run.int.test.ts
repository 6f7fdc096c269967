import { DomainError } from '@cartwright/domain-errors';
import { createSilentLogger } from '@cartwright/platform-logger';
import { fixedClock, testMongo } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import type { Check } from './check.ts';
import { CHECKS } from './reconciliation.contracts.ts';
import { createReconciliationRun, RunTakenError } from './reconciliation-run.ts';
import { createReconciliationService } from './reconciliation-service.ts';
import { createReportModels } from './report.model.ts';
import { createReportRepository } from './report-repository.ts';

const never = new AbortController().signal;
const KEPT_MAX = 10;

const difference = (name: string) => ({
  kind: 'event_stuck' as const,
  subject: { eventId: name },
  expected: 'done',
  found: 'not done',
  text: name,
});

/** Pages of two names each; each name is a suspect. */
function checkOf(names: readonly string[], options: Partial<Check> = {}): Check {
  return {
    name: 'events',
    isSlowToSettle: false,
    next: async (cursor) => {
      const from = Number(cursor ?? 0);
      const page = names.slice(from, from + 2);
      const next = from + 2;
      return { examined: page.length, suspects: page, cursor: next < names.length ? String(next) : null };
    },
    confirm: async (name) => [difference(name)],
    ...options,
  };
}

/** Two processes on one database, with checks of their own. */
async function createLab(checks: readonly Check[], { settleMs = 0 }: { settleMs?: number } = {}) {
  const database = await testMongo();
  const { mongo } = database;
  const clock = fixedClock();
  const reports = createReportRepository(createReportModels(mongo.connection), { keptMax: KEPT_MAX });
  await mongo.ensureIndexes();
  const jobs: string[] = [];
  const alerts: unknown[] = [];
  const redis = { isAway: false };
  const logger = { ...createSilentLogger(), error: ({ alert }: { alert?: string }) => void alerts.push(alert) };
  const process = (own: readonly Check[] = checks) => {
    const run = createReconciliationRun({ mongo, reports, checks: own, settleMs, keptMax: KEPT_MAX, clock });
    return createReconciliationService({
      ...{ reports, run, settleMs, clock, logger: logger as ReturnType<typeof createSilentLogger> },
      queues: {
        enqueue: async (_job, payload) => {
          if (redis.isAway) throw new Error('Redis is away');
          jobs.push((payload as { reportId: string }).reportId);
        },
      },
    });
  };
  const textsOf = async (reportId: string) => {
    const { items } = await process().differences({ reportId, limit: 100 });
    return items.map(({ text }) => text);
  };
  const dispose = () => database[Symbol.asyncDispose]();
  return { clock, reports, jobs, alerts, redis, process, textsOf, [Symbol.asyncDispose]: dispose };
}
const work = { signal: never, isLast: false };

describe('a run', () => {
  it('goes through all checks and keeps a bounded part of what it finds', async () => {
    const many = Array.from({ length: 25 }, (_, index) => `d${index}`);
    await using lab = await createLab([checkOf([]), checkOf(many)]);
    const service = lab.process();
    const { id } = await service.start('u');
    expect(lab.jobs).toEqual([id]);
    await service.work(id, work);
    const report = await service.report(id);
    expect(report).toMatchObject({ state: 'finished', differences: 25, startedBy: 'u', trigger: 'manual' });
    expect(report.checks.slice(0, 2)).toMatchObject([
      { state: 'done', examined: 0, differences: 0 },
      { state: 'done', examined: 25, differences: 25 },
    ]);
    expect(await lab.textsOf(id)).toEqual(many.slice(0, KEPT_MAX));
    expect(await service.latestDifferences()).toBe(25);
  });

  it('tells once of money that is met on two days', async () => {
    const confirm: Check['confirm'] = async (name) => [{ ...difference(name), subject: { reference: name } }];
    await using lab = await createLab([checkOf(['a', 'b', 'c', 'a', 'a'], { confirm })]);
    const service = lab.process();
    const { id } = await service.start('u');
    await service.work(id, work);
    expect(await lab.textsOf(id)).toEqual(['a', 'b', 'c']);
    const report = await service.report(id);
    expect(report).toMatchObject({ state: 'finished', differences: 3 });
    expect(report.checks[0]).toMatchObject({ examined: 5, differences: 3 });
  });

  it('leaves out what only looked wrong', async () => {
    const confirm: Check['confirm'] = async (name) => (name === 'b' ? [difference(name)] : []);
    await using lab = await createLab([checkOf(['a', 'b', 'c'], { confirm })]);
    const service = lab.process();
    const { id } = await service.start('u');
    await service.work(id, work);
    expect(await lab.textsOf(id)).toEqual(['b']);
  });

  it('is taken up where it stood when its process dies, without a gap or a repetition', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const stuck = Promise.withResolvers<never>();
    const dying = Promise.withResolvers<void>();
    // Falls silent in the second page, as a killed process would.
    const confirm: Check['confirm'] = async (name) => {
      if (name !== 'd') return [difference(name)];
      dying.resolve();
      return stuck.promise;
    };
    await using lab = await createLab([checkOf(['x']), checkOf(names)]);
    const { id } = await lab.process().start('u');
    const first = lab.process([checkOf(['x']), checkOf(names, { confirm })]).work(id, work);
    await dying.promise;
    // As long as it may be alive, nobody else touches it.
    await expect(lab.process().work(id, work)).rejects.toThrowError(RunTakenError);
    lab.clock.advance(31_000);
    await lab.process().work(id, work);
    const finished = await lab.process().report(id);
    expect(await lab.textsOf(id)).toEqual(['x', ...names]);
    expect(finished).toMatchObject({ state: 'finished', differences: 6 });
    expect(finished.checks[1]).toMatchObject({ examined: 5, differences: 5 });
    // Whoever wakes up later writes no more.
    stuck.reject(new Error('woken up'));
    await expect(first).rejects.toThrowError();
    expect(await lab.process().report(id)).toEqual(finished);
  });

  it('writes nothing any more once another one has taken it over', async () => {
    const woken = Promise.withResolvers<void>();
    const asleep = Promise.withResolvers<void>();
    const slow = checkOf(['a', 'b', 'c'], {
      confirm: async (name) => {
        if (name === 'a') {
          asleep.resolve();
          await woken.promise;
        }
        return [difference(`late ${name}`)];
      },
    });
    await using lab = await createLab([checkOf(['a', 'b', 'c'])]);
    const { id } = await lab.process().start('u');
    const sleeper = lab.process([slow]).work(id, work);
    await asleep.promise;
    lab.clock.advance(31_000);
    const interrupted = new AbortController();
    const second = checkOf(['a', 'b', 'c'], {
      next: async () => {
        // The one before wakes up in the middle of this.
        woken.resolve();
        await expect(sleeper).rejects.toThrowError(RunTakenError);
        interrupted.abort(new Error('The worker ends'));
        interrupted.signal.throwIfAborted();
        return { examined: 0, suspects: [], cursor: null };
      },
    });
    await expect(lab.process([second]).work(id, { signal: interrupted.signal, isLast: false })).rejects.toThrowError(
      'The worker ends',
    );
    expect(await lab.textsOf(id)).toEqual([]);
    // It was let go of: the next may have it at once.
    await lab.process().work(id, work);
    expect(await lab.textsOf(id)).toEqual(['a', 'b', 'c']);
  });

  it('waits and looks again where news are late, also when it is taken up in between', async () => {
    let settled = false;
    const broken = new Error('away');
    const checks = (fails: boolean) => [
      checkOf(['a', 'b', 'c', 'd'], {
        isSlowToSettle: true,
        next: async (cursor) => {
          if (cursor === '2' && fails) throw broken;
          return cursor === '2'
            ? { examined: 2, suspects: ['c', 'd'], cursor: null }
            : { examined: 2, suspects: ['a', 'b'], cursor: '2' };
        },
        confirm: async (name) => {
          expect(settled).toBe(true);
          return name === 'a' ? [difference(name)] : [];
        },
      }),
    ];
    await using lab = await createLab(checks(false), { settleMs: 50 });
    const { id } = await lab.process().start('u');
    await expect(lab.process(checks(true)).work(id, work)).rejects.toThrowError(broken);
    setTimeout(() => (settled = true), 25);
    await lab.process().work(id, work);
    expect(await lab.textsOf(id)).toEqual(['a']);
    expect((await lab.process().report(id)).checks[0]).toMatchObject({ examined: 4, differences: 1 });
  });

  it('is given up when it fails again and again, and the next can begin', async () => {
    const next: Check['next'] = async () => {
      throw new DomainError('SERVICE_UNAVAILABLE');
    };
    await using lab = await createLab([checkOf([], { next })]);
    const service = lab.process();
    const { id } = await service.start('u');
    await expect(service.work(id, work)).rejects.toThrowError();
    expect(await service.report(id)).toMatchObject({ state: 'running' });
    await expect(service.work(id, { signal: never, isLast: true })).rejects.toThrowError();
    expect(await service.report(id)).toMatchObject({ state: 'failed', problem: 'SERVICE_UNAVAILABLE' });
    expect(lab.alerts).toEqual(['reconciliation_failed']);
    await service.start('u');
  });

  it('counts what is beyond the kept, where looking again takes long', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `d${index}`);
    const looked: string[] = [];
    const slow = checkOf(names, {
      isSlowToSettle: true,
      next: async (cursor) => {
        const from = Number(cursor ?? 0);
        const suspects = names
          .slice(from, from + 10)
          .flatMap((name) => Array.from({ length: 50 }, (_, n) => `${name}/${n}`));
        return { examined: 10, suspects, cursor: from + 10 < names.length ? String(from + 10) : null };
      },
      confirm: async (name) => {
        looked.push(name);
        return [difference(name)];
      },
    });
    await using lab = await createLab([slow, checkOf(['x'])]);
    const service = lab.process();
    const { id } = await service.start('u');
    await service.work(id, work);
    expect(looked).toHaveLength(500);
    expect(await service.report(id)).toMatchObject({ state: 'finished', differences: 2_001 });
    expect(await lab.textsOf(id)).toHaveLength(KEPT_MAX);
  });
});

describe('a run whose job is lost', () => {
  it('gets a new one, in whatever way that happened', async () => {
    await using lab = await createLab([checkOf(['a'])]);
    const service = lab.process();
    await service.sweep();
    expect(lab.jobs).toEqual([]);
    lab.redis.isAway = true;
    const { id } = await service.start('u');
    expect(lab.jobs).toEqual([]);
    lab.redis.isAway = false;
    await service.sweep();
    expect(lab.jobs).toEqual([id]);
    // Its worker died, and so did Redis.
    await lab.reports.claim(id, 'dead', { now: lab.clock(), until: lab.clock() });
    lab.clock.advance(31_000);
    await service.sweep();
    expect(lab.jobs).toEqual([id, id]);
    await service.work(id, work);
    expect(await service.report(id)).toMatchObject({ state: 'finished', differences: 1 });
    await service.sweep();
    expect(lab.jobs).toEqual([id, id]);
  });

  it('is left at last to the worker that has it', async () => {
    await using lab = await createLab([checkOf(['a'])]);
    const { id } = await lab.process().start('u');
    await lab.reports.claim(id, 'other', { now: lab.clock(), until: new Date(lab.clock().getTime() + 30_000) });
    await lab.process().work(id, { signal: never, isLast: true });
    expect(await lab.process().report(id)).toMatchObject({ state: 'running' });
    expect(lab.alerts).toEqual([]);
  });

  it('is given up when it brings down whoever takes it', async () => {
    await using lab = await createLab([checkOf(['a'])]);
    const { id } = await lab.process().start('u');
    for (let take = 0; take < 20; take += 1) {
      lab.clock.advance(31_000);
      await lab.reports.claim(id, `dead${take}`, { now: lab.clock(), until: new Date(lab.clock().getTime() + 30_000) });
    }
    // The twentieth may be alive.
    await lab.process().sweep();
    expect(await lab.process().report(id)).toMatchObject({ state: 'running' });
    lab.clock.advance(31_000);
    await lab.process().sweep();
    expect(await lab.process().report(id)).toMatchObject({ state: 'failed' });
    expect(lab.alerts).toEqual(['reconciliation_failed']);
    expect(lab.jobs).toEqual([id, id]);
  });
});

describe('beginning a run', () => {
  it('is refused while one is under way, however many ask, and not when that one is dead', async () => {
    await using lab = await createLab([checkOf([])]);
    const asked = await Promise.allSettled(Array.from({ length: 10 }, () => lab.process().start('u')));
    const begun = asked.filter((one) => one.status === 'fulfilled');
    expect(begun).toHaveLength(1);
    const reportId = begun[0]?.value.id ?? '';
    for (const one of asked) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ reason: 'RECONCILIATION_RUNNING' });
    }
    await expect(lab.process().start('u')).rejects.toMatchObject({ details: { reportId } });
    // No worker took it for two minutes: whoever was to do it is gone.
    lab.clock.advance(121_000);
    const next = await lab.process().start('u');
    expect(await lab.process().report(reportId)).toMatchObject({ state: 'failed' });
    expect(lab.alerts).toEqual(['reconciliation_failed']);
    // Its job may still come; it does nothing.
    await lab.process().work(reportId, work);
    expect(await lab.process().report(next.id)).toMatchObject({ state: 'running' });
  });

  it('at night leaves one that is under way to its work', async () => {
    await using lab = await createLab([checkOf([])]);
    const service = lab.process();
    const { id } = await service.start('u');
    await service.startNightly();
    expect(lab.jobs).toEqual([id]);
    await service.work(id, work);
    await service.startNightly();
    expect(lab.jobs).toHaveLength(2);
    const { items } = await service.reports({ limit: 1 });
    expect(items).toMatchObject([{ trigger: 'nightly', state: 'running' }]);
    expect(items[0]?.startedBy).toBeUndefined();
    // It goes on a day before where the last one ended, or 35 days back.
    expect(items[0]?.from).toEqual(new Date(lab.clock().getTime() - 35 * 24 * 3_600_000));
    expect(items[0]?.checks.map(({ name }) => name)).toEqual([...CHECKS]);
  });

  it('tells of reports page by page, and of none that is not there', async () => {
    await using lab = await createLab([checkOf([])]);
    const service = lab.process();
    const ids: string[] = [];
    for (let run = 0; run < 3; run += 1) {
      const { id } = await service.start('u');
      await service.work(id, work);
      ids.unshift(id);
    }
    const first = await service.reports({ limit: 2 });
    const second = await service.reports({ limit: 2, cursor: first.nextCursor ?? '' });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
    await expect(service.report('none')).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    await expect(service.differences({ reportId: 'none', limit: 1 })).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    await expect(service.reports({ limit: 1, cursor: 'forged' })).rejects.toMatchObject({ reason: 'CURSOR_INVALID' });
  });
});
