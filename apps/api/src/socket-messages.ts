import { jsonEncoder, type Encoder } from '@trpc/server/adapters/ws';
import type { WebSocket } from 'ws';
import type { SocketLimits } from './socket-limits.ts';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isSubscription = (call: unknown): boolean => isRecord(call) && call.method === 'subscription';

/**
 * Reads and writes the messages of one socket as JSON, within limits: a message of too many calls is refused whole, as are
 * those that come too fast, reading waits while too many calls are under way, and a reader that does not read is cut before it fills the memory
 * (it resumes from its last event).
 */
export function createMessageCodec(
  client: WebSocket,
  limits: Pick<SocketLimits, 'batchSize' | 'subscriptions' | 'pendingCalls' | 'bufferedBytes'>,
  /** Whether so many further calls, besides the message that brings them, may come now. */
  mayCall: (count: number) => boolean,
): Encoder {
  /** Made with the first call: most sockets only ever subscribe. */
  let pending: Map<unknown, number> | undefined;
  let underWay = 0;

  function count(id: unknown, change: 1 | -1): void {
    pending ??= new Map();
    const left = (pending.get(id) ?? 0) + change;
    if (left > 0) pending.set(id, left);
    else pending.delete(id);
    underWay += change;
  }

  /** A client that reconnects sends all of its subscriptions in one message. */
  const isTooMany = (calls: readonly unknown[]): boolean =>
    calls.length > limits.batchSize && !(calls.length <= limits.subscriptions && calls.every(isSubscription));

  return {
    decode(data) {
      // A client may go on writing until it has answered the closing, or is cut.
      if (client.readyState !== client.OPEN) throw new Error('The socket is being closed');
      const message = jsonEncoder.decode(data);
      const calls: unknown[] = Array.isArray(message) ? message : [message];
      if (isTooMany(calls)) throw new Error('Too many calls in one message');
      if (calls.length > 1 && !mayCall(calls.length - 1)) throw new Error('Too many calls in one second');
      for (const call of calls) {
        if (isRecord(call) && (call.method === 'query' || call.method === 'mutation')) count(call.id, 1);
      }
      if (underWay >= limits.pendingCalls) client.pause();
      return message;
    },
    encode(data) {
      if (isRecord(data) && pending?.has(data.id)) {
        count(data.id, -1);
        if (underWay < limits.pendingCalls && client.isPaused) client.resume();
      }
      if (client.bufferedAmount > limits.bufferedBytes) client.terminate();
      return jsonEncoder.encode(data);
    },
  };
}
