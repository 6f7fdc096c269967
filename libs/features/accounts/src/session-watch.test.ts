import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { watchEndedSessions } from './session-watch.ts';

it('looks for missed ends only when new ones are heard again', async () => {
  const subscribed: (() => void)[] = [];
  const subscriber = Object.assign(new EventEmitter(), {
    subscribe: () => new Promise<void>((resolve) => subscribed.push(resolve)),
    disconnect: () => undefined,
  });
  const redis = { duplicate: () => subscriber } as unknown as Parameters<typeof watchEndedSessions>[0]['redis'];
  const onGap = vi.fn();
  const listening: boolean[] = [];
  const onListening = (on: boolean): void => void listening.push(on);
  const watching = watchEndedSessions({ redis, channel: 'ended', onEnded: () => undefined, onGap, onListening });
  subscriber.emit('ready');
  subscribed[0]?.();
  await watching;
  expect(onGap).not.toHaveBeenCalled();
  expect(listening).toEqual([true]);
  subscriber.emit('close');
  subscriber.emit('ready');
  expect(listening).toEqual([true, false]);
  expect(onGap).not.toHaveBeenCalled();
  subscribed[1]?.();
  await vi.waitFor(() => expect(onGap).toHaveBeenCalledOnce(), 10_000);
  expect(listening).toEqual([true, false, true]);
});
