import type { Socket } from 'node:net';
import { createFrameReader, SMALL_MESSAGE_BYTES } from './frame-reader.ts';
import type { MessageBudget } from './message-budget.ts';
import { frameReply, parseRequest, type Request } from './messages.ts';

/** What a handler wants done after a request: send this document, send nothing, or cut the connection. */
export type Outcome = { readonly reply: Uint8Array } | 'silent' | 'close';

export interface ConnectionHandler {
  /** Answers one request. Must not fail; called for one request of a connection at a time. */
  handle(request: Request): Promise<Outcome>;
  closed(): void;
}

/** Milliseconds that a client gets to send one message, from its first byte to its last, and to take one answer. */
export const TRANSFER_TIMEOUT_MS = 60_000;

/** Bytes a client may send ahead while an earlier request of its connection is still being answered. */
const READ_AHEAD_BYTES = SMALL_MESSAGE_BYTES;

/** Milliseconds of silence after which the system asks whether the other side still is there. */
const KEEP_ALIVE_MS = 120_000;

/**
 * Cuts the byte stream of a socket into messages and answers them in order. Malformed frames close the socket, and so do
 * messages and answers that take too long to get across. Reading pauses while the client does not take its answers and
 * while all connections together hold as much as they may, so memory stays bounded.
 */
export function serveConnection(
  socket: Socket,
  handler: ConnectionHandler,
  { budget, transferTimeoutMs }: { budget: MessageBudget; transferTimeoutMs: number },
): void {
  const reader = createFrameReader();
  let busy = false;
  /** For room in the budget. */
  let waiting = false;
  let ended = false;
  /** Bytes this connection has taken from the budget, for its request or its answer. */
  let held = 0;
  let stopWaiting = (): void => undefined;
  let receiving: NodeJS.Timeout | undefined;
  let sending: NodeJS.Timeout | undefined;

  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.on('data', (chunk: Buffer) => {
    reader.push(chunk);
    if (!busy) pump();
    else if (reader.aheadBytes() > READ_AHEAD_BYTES) socket.pause();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    ended = true;
    clearTimeout(receiving);
    clearTimeout(sending);
    stopWaiting();
    reader.drop();
    letGo();
    handler.closed();
  });

  /** Goes on with what has come. */
  function pump(): void {
    while (!busy && !ended) {
      const next = nextMessage();
      if (next === null) break;
      if (typeof next === 'number') whenThereIsRoom(next, () => collect(next));
      else if (budget.isOver()) whenThereIsRoom(0, () => answer(next));
      else answer(next);
    }
    // What a client has begun to send it has to finish; while it is our turn its time stands still.
    if (busy || !reader.isWithin()) stopReceiving();
    else receiving ??= setTimeout(() => socket.destroy(), transferTimeoutMs);
  }

  function nextMessage(): Buffer | number | null {
    try {
      return reader.next();
    } catch {
      socket.destroy();
      return null;
    }
  }

  function collect(bytes: number): void {
    reader.collect(bytes);
    resume();
  }

  function stopReceiving(): void {
    clearTimeout(receiving);
    receiving = undefined;
  }

  function whenThereIsRoom(bytes: number, then: () => void): void {
    busy = true;
    waiting = true;
    stopWaiting = budget.acquire(bytes, () => {
      waiting = false;
      held += bytes;
      then();
    });
    if (waiting) socket.pause();
  }

  function answer(message: Buffer): void {
    stopReceiving();
    let request: Request;
    try {
      request = parseRequest(message);
    } catch {
      socket.destroy();
      return;
    }
    busy = true;
    handler.handle(request).then(
      (outcome) => deliver(request, outcome),
      () => socket.destroy(),
    );
  }

  function deliver(request: Request, outcome: Outcome): void {
    letGo();
    if (ended) return;
    if (outcome === 'close') {
      socket.destroy();
      return;
    }
    if (outcome !== 'silent' && !socket.write(frameReply(request, outcome.reply))) {
      held = outcome.reply.length;
      budget.take(held);
      sending = setTimeout(() => socket.destroy(), transferTimeoutMs);
      socket.once('drain', () => {
        clearTimeout(sending);
        letGo();
        resume();
      });
      return;
    }
    resume();
  }

  function letGo(): void {
    if (held === 0) return;
    const bytes = held;
    held = 0;
    budget.release(bytes);
  }

  function resume(): void {
    busy = false;
    if (ended) return;
    pump();
    if (!waiting && reader.aheadBytes() <= READ_AHEAD_BYTES && socket.isPaused()) socket.resume();
  }
}
