import type { Logger } from '@cartwright/platform-logger';
import { AWAY, createAsking, type Redis } from '@cartwright/platform-redis';
import { addDays, beginningOf, wholeDays, type Period } from './calendar.ts';
import type { DayVersions } from './day-versions.ts';

/** To be counted up when what is kept of a day changes its shape. */
const SHAPE = '2';
/** Nothing is kept for longer, whatever nobody told of. */
const KEPT_MS = 24 * 3_600_000;

/** Of so many days at a time figures are fetched or kept: of all days of a year there may be many megabytes. */
const DAYS_AT_ONCE = 31;

/** What figures come to, by calendar day, YYYY-MM-DD. */
export type ByDay<Figures> = ReadonlyMap<string, Figures>;

/** One kind of figures. */
export interface Shelf<Figures> {
  /** Unique. */
  readonly name: string;
  /** Of a day on which nothing happened. */
  readonly nothing: Figures;
  /** Reads them from the database, by calendar day; days on which nothing happened may be left out. */
  load(period: Period): Promise<ByDay<Figures>>;
}

interface Kept {
  readonly version: string;
  readonly figures: unknown;
}

/**
 * Keeps figures by whole calendar days in the cache, under the day's version: the database is asked for days that have
 * changed alone, once for all who ask at the same time in this process, and for what a period has besides whole days. While
 * a Redis is away all is read from the database.
 */
export function createKeptDays({
  versions,
  redis,
  cache,
  timezone,
  logger,
  answerMs,
}: {
  versions: Pick<DayVersions, 'of'>;
  /** Where versions are: it forgets nothing by itself. */
  redis: Pick<Redis, 'client'>;
  /** Where figures are kept: it may forget. */
  cache: Pick<Redis, 'client' | 'key'>;
  timezone: string;
  logger: Pick<Logger, 'warn'>;
  /** Redis is done without when it takes longer. */
  answerMs?: number | undefined;
}) {
  const askVersions = createAsking({ redis, logger, answerMs, name: 'figures: versions' });
  const askCache = createAsking({ redis: cache, logger, answerMs, name: 'figures' });
  const finding = new Map<string, Promise<unknown>>();
  const keyOf = (name: string, day: string) => cache.key('figures', SHAPE, timezone, name, day);

  async function kept(name: string, days: readonly string[], current: ReadonlyMap<string, string>) {
    const found = new Map<string, unknown>();
    for (const some of inSlices(days)) {
      const texts = await askCache(() => cache.client.mget(some.map((day) => keyOf(name, day))));
      if (texts === AWAY) return found;
      some.forEach((day, index) => {
        const entry = read(texts[index]);
        if (entry && entry.version === current.get(day)) found.set(day, entry.figures);
      });
    }
    return found;
  }

  async function keep(name: string, figures: ReadonlyMap<string, unknown>, current: ReadonlyMap<string, string>) {
    for (const some of inSlices([...figures])) {
      const told = await askCache(async () => {
        const pipeline = cache.client.pipeline();
        for (const [day, value] of some) {
          const entry: Kept = { version: current.get(day) ?? '', figures: value };
          pipeline.set(keyOf(name, day), JSON.stringify(entry), 'PX', KEPT_MS);
        }
        await pipeline.exec();
      });
      if (told === AWAY) return;
    }
  }

  /** Days in a row, with those on which nothing happened. */
  async function loadRun<Figures>(shelf: Shelf<Figures>, days: readonly string[]): Promise<Map<string, Figures>> {
    const [first = '', last = ''] = [days[0], days.at(-1)];
    const period = { from: beginningOf(timezone, first), to: beginningOf(timezone, addDays(last, 1)) };
    const loaded = await shelf.load(period);
    return new Map(days.map((day) => [day, loaded.get(day) ?? shelf.nothing]));
  }

  /** Days in their versions, of the cache where it has them, else of the database; then the cache has them, too. */
  async function find<Figures>(
    shelf: Shelf<Figures>,
    days: readonly string[],
    current: ReadonlyMap<string, string>,
  ): Promise<ByDay<Figures>> {
    const found = (await kept(shelf.name, days, current)) as Map<string, Figures>;
    const runs = runsOf(days.filter((day) => !found.has(day)));
    const loaded = new Map((await Promise.all(runs.map((run) => loadRun(shelf, run)))).flatMap((run) => [...run]));
    if (loaded.size > 0) await keep(shelf.name, loaded, current);
    return new Map(days.map((day) => [day, (found.get(day) ?? loaded.get(day)) as Figures]));
  }

  async function whole<Figures>(shelf: Shelf<Figures>, days: readonly string[]): Promise<ByDay<Figures>> {
    if (days.length === 0) return new Map();
    const known = await askVersions(() => versions.of(days));
    if (known === AWAY) return loadRun(shelf, days);
    // Shared from before the cache is asked until after it has been told: nobody comes in between.
    const name = [shelf.name, days[0], ...known].join();
    const shared = finding.get(name) as Promise<ByDay<Figures>> | undefined;
    if (shared) return shared;
    const current = new Map(days.map((day, index) => [day, known[index] ?? '']));
    const own = find(shelf, days, current).finally(() => finding.delete(name));
    finding.set(name, own);
    return own;
  }

  return {
    /** The figures of a period by day, in the order of the days; days that are in it in part count with that part. */
    async read<Figures>(shelf: Shelf<Figures>, period: Period): Promise<(readonly [string, Figures])[]> {
      const { days, edges } = wholeDays(timezone, period);
      const [inside, ...outside] = await Promise.all([whole(shelf, days), ...edges.map((edge) => shelf.load(edge))]);
      return [inside, ...outside].flatMap((byDay) => [...byDay]).toSorted(([a], [b]) => (a < b ? -1 : 1));
    },
  };
}

export type KeptDays = ReturnType<typeof createKeptDays>;

/** What stands in the cache; undefined when there is nothing, or something else. */
function read(text: string | null | undefined): Kept | undefined {
  if (!text) return undefined;
  try {
    return JSON.parse(text) as Kept;
  } catch {
    return undefined;
  }
}

function inSlices<One>(all: readonly One[]): One[][] {
  const count = Math.ceil(all.length / DAYS_AT_ONCE);
  return Array.from({ length: count }, (_, index) => all.slice(index * DAYS_AT_ONCE, (index + 1) * DAYS_AT_ONCE));
}

/** Days that follow each other, together. */
function runsOf(days: readonly string[]): string[][] {
  const runs: string[][] = [];
  for (const day of days) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last !== undefined && addDays(last, 1) === day) run.push(day);
    else runs.push([day]);
  }
  return runs;
}
