import { randomUUID } from 'node:crypto';
import type { Logger } from '@cartwright/platform-logger';
import type { Redis } from './redis.ts';
import { defineScript } from './script.ts';

/** How often a watcher asks whether its connection still leads anywhere. */
const ASK_EVERY_MS = 200;
/** What was announced before is known for sure as long as an answer to a question so young is there. */
const HEARD_WITHIN_MS = 800;

interface Announcement {
  readonly version: string;
  readonly ids: readonly string[];
}

const announceScript = defineScript({
  lua: `
    redis.call('SET', KEYS[1], ARGV[1])
    redis.call('PUBLISH', KEYS[1], ARGV[2])
    return 1`,
  parse: Number,
});

const versionScript = defineScript({
  lua: `
    redis.call('SET', KEYS[1], ARGV[1], 'NX')
    return redis.call('GET', KEYS[1])`,
  parse: String,
});

/** What a process knows of changes that other processes make. */
export interface ChangeWatch {
  /**
   * Changes with each announcement and is never the same again, also when Redis lost everything. Null while an announcement
   * could have been missed: nothing remembered may be used then.
   */
  version(): string | null;
  close(): void;
}

export interface ChangeListener {
  /** Something changed: these ids, whatever they stand for. */
  onChange: (ids: readonly string[]) => void;
  /** Announcements were missed: anything may have changed. */
  onMissed: () => void;
}

/**
 * Tells all processes at once what changed, so that they forget what they remember of it. A watcher is never wrong about
 * whether it hears: it asks its own connection all the time, and what it hears arrives in the order of the answers.
 */
export function createChangeChannel({
  redis,
  name,
  logger,
}: {
  redis: Pick<Redis, 'client' | 'duplicate' | 'key'>;
  name: string;
  logger: Pick<Logger, 'warn'>;
}) {
  const channel = redis.key('changes', name);

  return {
    /** To be called after the change can be read. Rejects when Redis is away: watchers hear nothing then, either. */
    async announce(ids: readonly string[]): Promise<void> {
      const version = randomUUID();
      await announceScript.run(
        redis.client,
        [channel],
        [version, JSON.stringify({ version, ids } satisfies Announcement)],
      );
    },

    /** Hears of changes from the moment it resolves. It resolves at once when Redis is away, and begins when it is back. */
    watch({ onChange, onMissed }: ChangeListener): ChangeWatch {
      const subscriber = redis.duplicate({ maxRetriesPerRequest: null });
      let version: string | null = null;
      let last: string | null = null;
      let heardAt = Number.NEGATIVE_INFINITY;
      let connections = 0;

      const lose = (): void => {
        last = version ?? last;
        version = null;
      };

      async function begin(connection: number): Promise<void> {
        await subscriber.subscribe(channel);
        const began = performance.now();
        // What is announced from here on is heard; the version tells whether something was until here.
        const found = await versionScript.run(redis.client, [channel], [randomUUID()]);
        if (connection !== connections || version !== null) return;
        if (last !== null && last !== found) onMissed();
        version = found;
        heardAt = began;
      }

      subscriber.on('ready', () => {
        connections += 1;
        begin(connections).catch((error: unknown) => {
          logger.warn({ err: error, name }, 'changes are not heard');
          // Another connection begins anew.
          subscriber.disconnect(true);
        });
      });
      subscriber.on('close', () => {
        connections += 1;
        lose();
      });
      subscriber.on('message', (_channel: string, text: string) => {
        const message = JSON.parse(text) as Announcement;
        // The first one heard on a connection may come before the version was read: what was before it is not known.
        if (version === null) onMissed();
        version = message.version;
        onChange(message.ids);
      });

      const asking = setInterval(() => {
        if (subscriber.status !== 'ready') return;
        const askedAt = performance.now();
        const connection = connections;
        subscriber.ping().then(
          () => {
            if (connection === connections) heardAt = Math.max(heardAt, askedAt);
          },
          () => undefined,
        );
      }, ASK_EVERY_MS).unref();

      return {
        version: () => (performance.now() - heardAt <= HEARD_WITHIN_MS ? version : null),
        close: () => {
          clearInterval(asking);
          connections += 1;
          version = null;
          subscriber.disconnect();
        },
      };
    },
  };
}

export type ChangeChannel = ReturnType<typeof createChangeChannel>;
