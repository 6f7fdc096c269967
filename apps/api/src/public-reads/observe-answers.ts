import type { Telemetry } from '@cartwright/platform-telemetry';
import type { Answers, Lookup } from './answers.ts';

const LOOKUPS =
  'Questions to kept answers by level and outcome: what was no hit of the process is asked of Redis, once';

/** Counts how often kept answers spared making one. */
export function countLookups(telemetry: Pick<Telemetry, 'counter'>): (lookup: Lookup) => void {
  const lookups = telemetry.counter('kept_answers_total', LOOKUPS, ['level', 'outcome']);
  return (lookup) => lookups.inc(lookup);
}

/** Tells how much the memory of this process holds. */
export function measureAnswers(telemetry: Pick<Telemetry, 'gauge'>, answers: Pick<Answers, 'size'>): void {
  telemetry.gauge('kept_answers_entries', 'Answers in the memory of this process', () => answers.size().entries);
  telemetry.gauge('kept_answers_bytes', 'Memory that they take, about', () => answers.size().bytes);
}
