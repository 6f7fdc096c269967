import type { Socket } from 'node:net';
import { frameReply, HEADER_BYTES, MAX_MESSAGE_BYTES, parseRequest, type Request } from './messages.ts';

/** What a handler wants done after a request: send this document, send nothing, or cut the connection. */
export type Outcome = { readonly reply: Uint8Array } | 'silent' | 'close';

export interface ConnectionHandler {
  /** Answers one request. Must not throw; called for one request of a connection at a time. */
  handle(request: Request): Outcome | Promise<Outcome>;
  closed(): void;
}

/** Bytes a client may send ahead while an earlier request of its connection is still being answered. */
const READ_AHEAD_BYTES = 1024 * 1024;

/**
 * Cuts the byte stream of a socket into messages and answers them in order. Malformed frames close the socket.
 * Reading pauses while the client does not take its answers, so memory stays bounded.
 */
export function serveConnection(socket: Socket, handler: ConnectionHandler): void {
  const chunks: Buffer[] = [];
  let buffered = 0;
  let busy = false;
  let ended = false;

  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    buffered += chunk.length;
    if (busy) {
      if (buffered > READ_AHEAD_BYTES) socket.pause();
    } else {
      pump();
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    ended = true;
    chunks.length = 0;
    handler.closed();
  });

  function peekLength(): number {
    const first = chunks[0] as Buffer;
    if (first.length >= 4) return first.readInt32LE(0);
    return Buffer.concat(chunks, 4).readInt32LE(0);
  }

  function take(length: number): Buffer {
    buffered -= length;
    const first = chunks[0] as Buffer;
    if (first.length === length) {
      chunks.shift();
      return first;
    }
    if (first.length > length) {
      chunks[0] = first.subarray(length);
      return first.subarray(0, length);
    }
    const message = Buffer.allocUnsafeSlow(length);
    let filled = 0;
    while (filled < length) {
      const chunk = chunks[0] as Buffer;
      const wanted = length - filled;
      if (chunk.length <= wanted) {
        message.set(chunk, filled);
        filled += chunk.length;
        chunks.shift();
      } else {
        message.set(chunk.subarray(0, wanted), filled);
        chunks[0] = chunk.subarray(wanted);
        filled = length;
      }
    }
    return message;
  }

  function pump(): void {
    while (!busy && !ended && buffered >= 4) {
      const length = peekLength();
      if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES) {
        socket.destroy();
        return;
      }
      if (buffered < length) return;
      let request: Request;
      try {
        request = parseRequest(take(length));
      } catch {
        socket.destroy();
        return;
      }
      const outcome = handler.handle(request);
      if (outcome instanceof Promise) {
        busy = true;
        outcome.then(
          (settled) => finish(request, settled),
          () => socket.destroy(),
        );
        return;
      }
      if (!send(request, outcome)) return;
    }
  }

  /** Sends the answer; false when the loop has to stop (connection gone, or waiting for the client to read). */
  function send(request: Request, outcome: Outcome): boolean {
    if (outcome === 'close') {
      socket.destroy();
      return false;
    }
    if (ended) return false;
    if (outcome === 'silent') return true;
    if (socket.write(frameReply(request, outcome.reply))) return true;
    busy = true;
    socket.once('drain', resume);
    return false;
  }

  function finish(request: Request, outcome: Outcome): void {
    busy = false;
    if (send(request, outcome)) resume();
  }

  function resume(): void {
    busy = false;
    if (ended) return;
    if (socket.isPaused()) socket.resume();
    pump();
  }
}
