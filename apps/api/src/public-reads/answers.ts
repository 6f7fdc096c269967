import { createHash } from 'node:crypto';
import type { ChangeListener, ChangeWatch } from '@cartwright/platform-redis';
import { createBoundedMap } from './bounded-map.ts';
import type { SharedAnswers } from './shared-answers.ts';

/** Memory of one process for answers, in bytes. */
const MEMORY_BYTES = 32 * 1024 * 1024;
/** Besides the bytes of an answer: its key, the objects around it, a packed copy. */
const OVERHEAD = { bytes: 600, share: 1.4 } as const;
/**
 * What is read within so long after a change may not show it yet: the search index keeps lists for 300 ms, categories and
 * brands are remembered for 500 ms. It is kept so shortly that nobody waits for the change much longer.
 */
const SETTLED_AFTER_MS = 700;
const UNSETTLED_MS = 100;

/** Bytes to answer with. */
export interface Answer {
  readonly body: Buffer;
  /** Without quotes. */
  readonly tag: string;
  /** Packed for those who take that; made when the first of them asks. */
  packed?: Buffer;
}

/** An answer as it was made, and how long it holds. */
export interface MadeAnswer {
  readonly body: Buffer;
  /** All it tells of; undefined when it changes with the catalog as a whole. */
  readonly productIds?: readonly string[] | undefined;
  /** Milliseconds at most. */
  readonly keepMs: number;
}

interface Kept {
  readonly key: string;
  readonly answer: Answer;
  readonly productIds: readonly string[] | undefined;
  readonly madeAt: number;
  readonly keptUntil: number;
  /** Made long enough after the last change; others run out by themselves before another matters. */
  readonly settled: boolean;
  /** Whether it is in Redis, or need not be. */
  isShared: boolean;
}

/** What became of a question to a level: `waited` for whom somebody made it, `bypassed` while changes could be missed. */
export type Lookup =
  { level: 'process'; outcome: 'hit' | 'waited' | 'miss' } | { level: 'redis'; outcome: 'hit' | 'miss' | 'bypassed' };

interface Flight {
  readonly answer: Promise<Answer | undefined>;
  readonly changed: Set<string>;
  missed: boolean;
}

/**
 * Answers kept in two levels: in the memory of this process, and in Redis for all. Both forget within a moment what changed,
 * and neither is asked while changes could be missed. Each answer is made once for all who ask for it meanwhile.
 */
export function createAnswers({
  watch,
  shared,
  onLookup,
  maxBytes = MEMORY_BYTES,
}: {
  watch: (listener: ChangeListener) => ChangeWatch;
  shared: SharedAnswers;
  /** Hears of each question to either level. */
  onLookup: (lookup: Lookup) => void;
  maxBytes?: number;
}) {
  const memory = createBoundedMap<Kept>({ maxBytes });
  const byProduct = new Map<string, Set<string>>();
  const flights = new Map<string, Flight>();
  let changedAt = performance.now();

  const changes = watch({
    onChange(ids) {
      changedAt = performance.now();
      for (const id of ids) for (const key of byProduct.get(id) ?? []) forget(memory.remove(key));
      for (const flight of flights.values()) for (const id of ids) flight.changed.add(id);
    },
    onMissed() {
      changedAt = performance.now();
      memory.clear();
      byProduct.clear();
      for (const flight of flights.values()) flight.missed = true;
    },
  });

  function forget(kept: Kept | undefined): void {
    for (const id of kept?.productIds ?? []) {
      const keys = byProduct.get(id);
      keys?.delete(kept?.key ?? '');
      if (keys?.size === 0) byProduct.delete(id);
    }
  }

  function keep(key: string, made: MadeAnswer, startedAt: number, isShared: boolean): Answer {
    const answer = toAnswer(made);
    const { productIds } = made;
    const settled = productIds !== undefined || startedAt - changedAt >= SETTLED_AFTER_MS;
    const now = performance.now();
    const keptUntil = now + (settled ? made.keepMs : Math.min(made.keepMs, UNSETTLED_MS));
    const kept: Kept = { key, answer, productIds, madeAt: startedAt, keptUntil, settled, isShared };
    const size = OVERHEAD.bytes + key.length + Math.ceil(made.body.length * OVERHEAD.share);
    for (const gone of memory.set(key, kept, size)) forget(gone);
    for (const id of productIds ?? []) byProduct.set(id, (byProduct.get(id) ?? new Set()).add(key));
    return answer;
  }

  /** Only what is asked for again is shared: most searches are made once. */
  function share(kept: Kept, version: string): void {
    if (kept.isShared || !kept.settled) return;
    kept.isShared = true;
    const { key, answer, productIds } = kept;
    void shared.put({ version, key }, { body: answer.body, productIds, keepMs: kept.keptUntil - performance.now() });
  }

  function find(key: string): Answer | undefined {
    const kept = memory.get(key);
    if (!kept) return undefined;
    const version = changes.version();
    if (version === null) return undefined;
    if (performance.now() >= kept.keptUntil) return undefined;
    if (kept.productIds === undefined && kept.settled && kept.madeAt <= changedAt) return undefined;
    share(kept, version);
    onLookup({ level: 'process', outcome: 'hit' });
    return kept.answer;
  }

  async function fly(flight: Omit<Flight, 'answer'>, key: string, load: Load): Promise<Answer | undefined> {
    const startedAt = performance.now();
    const version = changes.version();
    const known = version === null ? undefined : await shared.get({ version, key });
    onLookup({ level: 'redis', outcome: version === null ? 'bypassed' : known ? 'hit' : 'miss' });
    const made = known ?? (await load());
    if (!made) return undefined;
    const { changed, missed } = flight;
    const isCurrent = version !== null && changes.version() !== null && !missed;
    const touched = made.productIds?.some((id) => changed.has(id)) ?? false;
    if (isCurrent && !touched && made.keepMs > 0) return keep(key, made, startedAt, known !== undefined);
    return toAnswer(made);
  }

  return {
    /** The answer that is remembered for a key; undefined when there is none that may be given. */
    find,

    /**
     * The answer for a key that is not remembered: from Redis, or made by `load`, once for all that ask at a time. Undefined
     * when it made none; rejects when it failed.
     */
    make(key: string, load: Load): Promise<Answer | undefined> {
      const underway = flights.get(key);
      onLookup({ level: 'process', outcome: underway ? 'waited' : 'miss' });
      if (underway) return underway.answer;
      const flight = { changed: new Set<string>(), missed: false };
      const answer = fly(flight, key, load).finally(() => flights.delete(key));
      flights.set(key, Object.assign(flight, { answer }));
      return answer;
    },

    /** What is remembered. */
    size: memory.size,
    close: changes.close,
  };
}

const toAnswer = ({ body }: MadeAnswer): Answer => ({
  body,
  tag: createHash('sha1').update(body).digest('base64url'),
});

type Load = () => Promise<MadeAnswer | undefined>;
export type Answers = ReturnType<typeof createAnswers>;
