import { describe, expect, it } from 'vitest';
import { jobs, nightlyJobs, queueSettings, repeatingJobs } from './job-catalog.ts';

describe('jobs that take long or wait for one another', () => {
  it.each(['invoices.issue', 'reconciliation.run'])('%s has a queue to itself, one at a time', (name) => {
    const queue = jobs.find((job) => job.name === name)?.queue;
    expect(jobs.filter((job) => job.queue === queue).map((job) => job.name)).toEqual([name]);
    const settings: Record<string, { concurrency?: number | undefined } | undefined> = queueSettings;
    expect(settings[queue ?? '']?.concurrency).toBe(1);
  });
});

it('what runs by itself is in the catalog', () => {
  const names = jobs.map(({ name }) => name);
  for (const { name } of [...repeatingJobs, ...nightlyJobs]) expect(names).toContain(name);
  expect(repeatingJobs.map(({ name }) => name)).toContain('reconciliation.sweep');
});
