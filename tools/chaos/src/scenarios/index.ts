import type { Scenario } from '../scenario.ts';
import { crashes } from './crashes.ts';
import { everything } from './everything.ts';
import { flush } from './flush.ts';
import { outage } from './outage.ts';
import { pausedWorker } from './paused-worker.ts';
import { poison } from './poison.ts';
import { truncated } from './truncated.ts';

/** What can be done to a shop, by name. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  crashes,
  everything,
  flush,
  outage,
  poison,
  truncated,
  'paused-worker': pausedWorker,
};
