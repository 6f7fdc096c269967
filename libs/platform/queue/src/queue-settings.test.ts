import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineJob } from './job.ts';
import { stuckAfterOf } from './queue-settings.ts';

const short = defineJob({ queue: 'mail', name: 'mail.send', payload: z.object({}), attempts: 1, backoffMs: 1 });
const long = defineJob({ ...short, queue: 'maintenance', name: 'maintenance.sweep', budgetMs: 50_000 });

describe('a queue in which something waits', () => {
  it('is not taken for stuck while long jobs may hold all its places', () => {
    expect(stuckAfterOf(undefined, 'mail', [short, long])).toBe(60_000);
    expect(stuckAfterOf(undefined, 'maintenance', [short, long])).toBe(110_000);
    expect(stuckAfterOf({ maintenance: { stuckAfterMs: 5 } }, 'maintenance', [short, long])).toBe(5);
  });
});
