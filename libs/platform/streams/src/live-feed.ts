import type { Logger } from '@cartwright/platform-logger';
import type { Redis, RedisClient } from '@cartwright/platform-redis';
import { parseMessage } from './entry.ts';
import type { StreamEntry } from './entry.ts';

export type StreamListener = {
  onEntry(entry: StreamEntry): void;
  /** The stream has gone on to this entry; those before it that this listener didn't get don't concern it. */
  onPassed(entry: StreamEntry): void;
  /** Announcements may have been missed. */
  onInterruption(): void;
  onClose(): void;
};

export type LiveFeed = {
  /** Resolves when announcements are heard; rejects when Redis is away. */
  hear(): Promise<void>;
  /** Hears of a stream's entries, or of those with one of the topics; returns how to stop. */
  listen(stream: string, topics: readonly string[] | undefined, listener: StreamListener): () => void;
  close(): Promise<void>;
};

const PING_MS = 5_000;
/** After so many entries, or this long, listeners that got none of them are told how far the stream is. */
const PASSED_EVERY = 500;
const PASSED_EVERY_MS = 20_000;
/** How often at most news of one topic are handed out. */
const TOPIC_WINDOW_MS = 100;

type Followed = {
  listeners: Set<StreamListener>;
  /** Those that want every entry. */
  ofAll: Set<StreamListener>;
  byTopic: Map<string, Set<StreamListener>>;
  last?: StreamEntry;
  untold: number;
  /** What came since something of a topic was handed out, until the window ends. */
  held?: StreamEntry[] | undefined;
};

/** An entry of a topic replaces those before it; the order stays. */
const withoutReplaced = (entries: readonly StreamEntry[]): StreamEntry[] => {
  const latest = new Map(entries.map((entry) => [entry.topic, entry]));
  return entries.filter((entry) => entry.topic === '' || latest.get(entry.topic) === entry);
};

/**
 * Hears, over one connection, what is appended to any stream, and hands each entry to those who follow its stream and
 * topic. It costs the same whether ten or ten thousand streams are followed. News of one topic that come thick and fast
 * are thinned out to the latest: a product that sells by the second doesn't keep thousands of onlookers busy.
 * Announcements can get lost with the connection; what matters stands in the streams, and listeners are told to look
 * there when one came back.
 */
export const createLiveFeed = (options: { redis: Redis; channel: string; logger: Logger }): LiveFeed => {
  const { redis, channel, logger } = options;
  const followed = new Map<string, Followed>();
  let subscriber: RedisClient | undefined;
  let hearing: Promise<void> | undefined;
  let timers: NodeJS.Timeout[] = [];
  /** From the end of a connection until listeners know of the interruption: what they heard would hide what was missed. */
  let deaf = false;

  const tellPassed = (stream: Followed): void => {
    const { last, untold } = stream;
    if (!last || untold === 0) return;
    stream.untold = 0;
    for (const listener of stream.listeners) listener.onPassed(last);
  };

  const handOut = (stream: Followed, entry: StreamEntry): void => {
    stream.last = entry;
    stream.untold += 1;
    const concerned = entry.topic === '' ? stream.listeners : stream.byTopic.get(entry.topic);
    for (const listener of concerned ?? []) listener.onEntry(entry);
    if (entry.topic !== '') for (const listener of stream.ofAll) listener.onEntry(entry);
    if (stream.untold >= PASSED_EVERY) tellPassed(stream);
  };

  const openWindow = (stream: Followed): void => {
    stream.held = [];
    setTimeout(() => {
      const entries = withoutReplaced(stream.held ?? []);
      stream.held = undefined;
      for (const entry of entries) handOut(stream, entry);
      if (entries.length > 0) openWindow(stream);
    }, TOPIC_WINDOW_MS).unref();
  };

  const onMessage = (message: string): void => {
    if (deaf) return;
    const parsed = parseMessage(message);
    const stream = parsed && followed.get(parsed.stream);
    if (!stream) return;
    const entry = parsed.entry();
    if (stream.held) {
      stream.held.push(entry);
    } else {
      handOut(stream, entry);
      if (entry.topic !== '') openWindow(stream);
    }
  };

  const onGap = (): void => {
    for (const { listeners } of followed.values()) for (const listener of listeners) listener.onInterruption();
  };

  /** First hears anew, then has listeners look at what was missed. */
  const hearAgain = async (client: RedisClient): Promise<void> => {
    try {
      await client.subscribe(channel);
    } catch (error) {
      logger.warn({ err: error }, 'following streams: Redis does not let it listen, asking again');
      return;
    }
    deaf = false;
    onGap();
  };

  /** A connection that silently leads nowhere is noticed by its silence. */
  const ping = async (client: RedisClient): Promise<void> => {
    if (client.status !== 'ready') return;
    const late = setTimeout(() => {
      logger.warn({}, 'following streams: Redis does not answer, connecting anew');
      client.disconnect(true);
    }, PING_MS);
    await client.ping().catch(() => undefined);
    clearTimeout(late);
    if (deaf && hearing && client.status === 'ready') await hearAgain(client);
  };

  const connect = (): RedisClient => {
    const client = redis.duplicate({ autoResubscribe: false });
    client.on('message', (_channel: string, message: string) => onMessage(message));
    client.on('ready', () => {
      // The first time, `hear` subscribes.
      if (hearing) void hearAgain(client);
    });
    client.on('close', () => {
      deaf = true;
    });
    timers = [
      setInterval(() => void ping(client), PING_MS),
      setInterval(() => {
        for (const stream of followed.values()) tellPassed(stream);
      }, PASSED_EVERY_MS),
    ];
    for (const timer of timers) timer.unref();
    return client;
  };

  const drop = (name: string, stream: Followed, topics: readonly string[] | undefined, listener: StreamListener) => {
    stream.listeners.delete(listener);
    stream.ofAll.delete(listener);
    for (const topic of topics ?? []) {
      const interested = stream.byTopic.get(topic);
      interested?.delete(listener);
      if (interested?.size === 0) stream.byTopic.delete(topic);
    }
    if (stream.listeners.size === 0 && followed.get(name) === stream) followed.delete(name);
  };

  return {
    hear: () => {
      subscriber ??= connect();
      hearing ??= subscriber.subscribe(channel).then(
        () => {
          deaf = false;
        },
        (error: unknown) => {
          hearing = undefined;
          throw error;
        },
      );
      return hearing;
    },
    listen: (name, topics, listener) => {
      const stream = followed.get(name) ?? { listeners: new Set(), ofAll: new Set(), byTopic: new Map(), untold: 0 };
      followed.set(name, stream);
      stream.listeners.add(listener);
      if (!topics) stream.ofAll.add(listener);
      for (const topic of topics ?? []) {
        const interested = stream.byTopic.get(topic);
        if (interested) interested.add(listener);
        else stream.byTopic.set(topic, new Set([listener]));
      }
      return () => drop(name, stream, topics, listener);
    },
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      const open = [...followed.values()].flatMap(({ listeners }) => [...listeners]);
      followed.clear();
      for (const listener of open) listener.onClose();
      subscriber?.disconnect();
    },
  };
};
