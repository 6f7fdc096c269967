import { jsonEncoder, type Encoder } from '@trpc/server/adapters/ws';
import type { WebSocket } from 'ws';
import type { SocketLimits } from './socket-limits.ts';

type Call = Record<string, unknown>;

const isRecord = (value: unknown): value is Call => typeof value === 'object' && value !== null;
const isSubscription = (call: unknown): boolean => isRecord(call) && call.method === 'subscription';
const isAnswered = ({ method }: Call): boolean =>
  method === 'query' || method === 'mutation' || method === 'subscription';

/** Whether an answer is news of a running subscription, and so ends no call, even one of the same id. */
const isNews = ({ result }: Call): boolean => isRecord(result) && (result.type !== 'data' || result.id !== undefined);

const NONE: readonly unknown[] = [];

/**
 * Reads and writes the messages of one socket as JSON, within limits: a message of too many calls is refused whole, as are
 * those that come too fast; reading waits while too many calls are under way; and a reader that does not read is cut
 * before it fills the memory (it resumes from its last event).
 */
export function createMessageCodec(
  client: WebSocket,
  limits: Pick<SocketLimits, 'batchSize' | 'subscriptions' | 'pendingCalls' | 'bufferedBytes'>,
  /** Whether so many further calls, besides the message that brings them, may come now. */
  mayCall: (count: number) => boolean,
): Encoder {
  /** What was not answered yet, by id, and whether it counts as a call under way. None at all for most: they only listen. */
  let unanswered: Map<unknown, boolean> | undefined;
  let underWay = 0;
  /** Ids of the message read last, for as long as it can still be refused. */
  let last = NONE;

  /** A client that reconnects sends all of its subscriptions in one message. */
  const isTooMany = (calls: readonly unknown[]): boolean =>
    calls.length > limits.batchSize && !(calls.length <= limits.subscriptions && calls.every(isSubscription));

  /** Which answer is whose is told by the id alone: one that is in use, or none, would have calls counted wrongly. */
  function idsOf(calls: readonly unknown[]): readonly unknown[] {
    const ids = new Set<unknown>();
    for (const call of calls) {
      if (!isRecord(call)) continue;
      if (call.id === null) throw new Error('A call without an id');
      if (!isAnswered(call)) continue;
      if (ids.has(call.id) || unanswered?.has(call.id)) throw new Error('An id that is in use');
      ids.add(call.id);
    }
    return [...ids];
  }

  function begin(call: Call): void {
    const counts = !isSubscription(call);
    unanswered ??= new Map();
    unanswered.set(call.id, counts);
    if (counts) underWay += 1;
  }

  function end(id: unknown): void {
    if (unanswered?.get(id)) underWay -= 1;
    unanswered?.delete(id);
    if (unanswered?.size === 0) unanswered = undefined;
  }

  /** A message that is refused whole is answered at once, and without an id. */
  function settle(answer: Call): void {
    const { id } = answer;
    if (id === null) last.forEach(end);
    else if (unanswered?.get(id) !== true || !isNews(answer)) end(id);
    last = NONE;
    if (underWay < limits.pendingCalls && client.isPaused) client.resume();
  }

  return {
    decode(data) {
      last = NONE;
      // A client may go on writing until it has answered the closing, or is cut.
      if (client.readyState !== client.OPEN) throw new Error('The socket is being closed');
      const message = jsonEncoder.decode(data);
      const calls: unknown[] = Array.isArray(message) ? message : [message];
      if (isTooMany(calls)) throw new Error('Too many calls in one message');
      if (calls.length > 1 && !mayCall(calls.length - 1)) throw new Error('Too many calls in one second');
      last = idsOf(calls);
      for (const call of calls) if (isRecord(call) && isAnswered(call)) begin(call);
      if (underWay >= limits.pendingCalls) client.pause();
      return message;
    },
    encode(data) {
      if (isRecord(data)) settle(data);
      if (client.bufferedAmount > limits.bufferedBytes) client.terminate();
      return jsonEncoder.encode(data);
    },
  };
}
