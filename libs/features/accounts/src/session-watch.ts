import type { Redis } from '@cartwright/platform-redis';

/**
 * Tells which sessions end, on whatever instance, for hosts that hold sockets open. While its connection was down an end
 * may have been missed: `onGap` asks to look at all sessions anew.
 */
export async function watchEndedSessions(options: {
  redis: Pick<Redis, 'duplicate'>;
  channel: string;
  onEnded: (sessionId: string) => void;
  onGap: () => void;
}): Promise<{ close(): void }> {
  const { redis, channel, onEnded, onGap } = options;
  const subscriber = redis.duplicate({ maxRetriesPerRequest: null });
  let connections = 0;
  subscriber.on('ready', () => {
    connections += 1;
    if (connections === 1) return;
    // Subscribed anew first: what ends between a look and that would be missed. A connection lost again brings another.
    subscriber.subscribe(channel).then(onGap, () => undefined);
  });
  subscriber.on('message', (_channel: string, sessionId: string) => onEnded(sessionId));
  await subscriber.subscribe(channel);
  return { close: () => subscriber.disconnect() };
}
