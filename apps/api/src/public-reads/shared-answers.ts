import { createHash } from 'node:crypto';
import type { Logger } from '@cartwright/platform-logger';
import type { Redis } from '@cartwright/platform-redis';
import { z } from 'zod';
import type { MadeAnswer } from './answers.ts';

/** A cache that answers later than this is no help. */
const ANSWER_MS = 200;
/** After a failure it is left alone for a while, so that not every reader waits for it. */
const AWAY_MS = 2_000;
const LARGEST_BYTES = 128 * 1024;

/** Of what the answers are made: a version is never used again, so nothing has to be removed. */
interface Place {
  readonly version: string;
  readonly key: string;
}

const headSchema = z.object({ until: z.number(), productIds: z.array(z.string()).readonly().optional() });

/** Answers that all processes share, in a Redis that may forget them. While it is away there are none. */
export function createSharedAnswers({
  redis,
  logger,
}: {
  redis: Pick<Redis, 'client' | 'key'>;
  logger: Pick<Logger, 'warn'>;
}) {
  const { client } = redis;
  let awayUntil = 0;

  const keyOf = ({ version, key }: Place): string =>
    redis.key('answers', version, createHash('sha1').update(key).digest('base64url'));

  async function ask<Reply>(command: () => Promise<Reply>): Promise<Reply | undefined> {
    if (client.status !== 'ready' || performance.now() < awayUntil) return undefined;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('Redis took too long')), ANSWER_MS);
    });
    try {
      return await Promise.race([command(), late]);
    } catch (error) {
      awayUntil = performance.now() + AWAY_MS;
      logger.warn({ err: error }, 'answers are made without Redis');
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async get(place: Place): Promise<MadeAnswer | undefined> {
      const bytes = await ask(() => client.getBuffer(keyOf(place)));
      const headEnd = bytes?.indexOf('\n') ?? -1;
      if (!bytes || headEnd < 0) return undefined;
      const { until, productIds } = headSchema.parse(JSON.parse(bytes.toString('utf8', 0, headEnd)));
      return { body: bytes.subarray(headEnd + 1), productIds, keepMs: until - Date.now() };
    },

    /** Never fails; what is large is not kept. */
    async put(place: Place, { body, productIds, keepMs }: MadeAnswer): Promise<void> {
      if (keepMs < 1 || body.length > LARGEST_BYTES) return;
      const head = JSON.stringify({ until: Date.now() + keepMs, productIds } satisfies z.input<typeof headSchema>);
      const bytes = Buffer.concat([Buffer.from(`${head}\n`), body]);
      await ask(() => client.set(keyOf(place), bytes, 'PX', Math.ceil(keepMs)));
    },
  };
}

export type SharedAnswers = ReturnType<typeof createSharedAnswers>;
