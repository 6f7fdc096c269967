import { EventEmitter } from 'node:events';
import { createSilentLogger } from '@cartwright/platform-logger';
import type { Redis } from '@cartwright/platform-redis';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLiveFeed } from './live-feed.ts';

/** A connection whose subscriptions are answered when the test says so. */
class FakeConnection extends EventEmitter {
  status = 'ready';
  readonly asked: PromiseWithResolvers<number>[] = [];
  subscribe(): Promise<number> {
    const answer = Promise.withResolvers<number>();
    this.asked.push(answer);
    return answer.promise;
  }
  ping = (): Promise<string> => Promise.resolve('PONG');
  disconnect(): void {}
  say(entryId: string): void {
    this.emit('message', 'c', `s\n${entryId}\nepoch\nsaid\n\nnull`);
  }
}

async function following() {
  const connection = new FakeConnection();
  const redis = { duplicate: () => connection } as unknown as Redis;
  const feed = createLiveFeed({ redis, channel: 'c', logger: createSilentLogger() });
  const hearing = feed.hear();
  connection.asked[0]?.resolve(1);
  await hearing;
  const heard: string[] = [];
  feed.listen('s', undefined, {
    onEntry: ({ entryId }) => heard.push(entryId),
    onPassed: () => undefined,
    onInterruption: () => heard.push('interruption'),
    onClose: () => undefined,
  });
  return { connection, feed, heard };
}

afterEach(() => void vi.useRealTimers());

describe('A live feed that lost its connection', () => {
  it('tells of the interruption before anything announced later', async () => {
    const { connection, feed, heard } = await following();
    connection.say('1-0');
    connection.emit('close');
    connection.emit('ready');
    // The answer and the first announcement arrive in one piece.
    connection.asked[1]?.resolve(1);
    connection.say('3-0');
    await vi.waitFor(() => expect(heard).toContain('interruption'), 10_000);
    connection.say('4-0');
    expect(heard).toEqual(['1-0', 'interruption', '4-0']);
    await feed.close();
  });

  it('asks again when it was not let listen', async () => {
    vi.useFakeTimers();
    const { connection, feed, heard } = await following();
    connection.emit('close');
    connection.emit('ready');
    connection.asked[1]?.reject(new Error('LOADING'));
    await vi.advanceTimersByTimeAsync(6_000);
    connection.asked[2]?.resolve(1);
    await vi.advanceTimersByTimeAsync(0);
    connection.say('5-0');
    expect(heard).toEqual(['interruption', '5-0']);
    await feed.close();
  });
});
