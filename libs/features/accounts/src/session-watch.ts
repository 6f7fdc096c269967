import type { Redis } from '@cartwright/platform-redis';

/** What hosts want to know of sessions that end on whatever instance. */
export interface EndedSessions {
  /** A session ended or changed. */
  onEnded: (sessionId: string) => void;
  /** Some may have been missed: all sessions are to be looked at anew. */
  onGap: () => void;
}

/**
 * Tells which sessions end, on whatever instance. While its connection was down an end may have been missed: `onGap` asks
 * to look at all sessions anew. `onListening` tells whether ends are heard.
 */
export async function watchEndedSessions(
  options: EndedSessions & {
    redis: Pick<Redis, 'duplicate'>;
    channel: string;
    onListening: (listening: boolean) => void;
  },
): Promise<{ close(): void }> {
  const { redis, channel, onEnded, onGap, onListening } = options;
  const subscriber = redis.duplicate({ maxRetriesPerRequest: null });
  let connections = 0;
  subscriber.on('ready', () => {
    connections += 1;
    const connection = connections;
    if (connection === 1) return;
    // Subscribed anew first: what ends between a look and that would be missed. A connection lost again brings another.
    subscriber.subscribe(channel).then(
      () => {
        if (connection !== connections) return;
        onListening(true);
        onGap();
      },
      () => undefined,
    );
  });
  subscriber.on('close', () => onListening(false));
  subscriber.on('message', (_channel: string, sessionId: string) => onEnded(sessionId));
  await subscriber.subscribe(channel);
  onListening(true);
  return {
    close: () => {
      onListening(false);
      subscriber.disconnect();
    },
  };
}
