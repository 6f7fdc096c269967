import { connect, type Socket } from 'node:net';
import { deserialize, serialize, type Document } from 'bson';

/** A connection that sends what it is told, byte by byte: drivers choose sessions and numbers themselves. */
export interface RawClient extends Disposable {
  command(body: Document): Promise<Document>;
  send(bytes: Uint8Array): void;
  /** Settles when the server has closed the connection. */
  readonly closed: Promise<void>;
}

/** Frames a command as an OP_MSG. */
export function opMsg(body: Uint8Array, requestId = 1, flags = 0): Buffer {
  const frame = Buffer.alloc(21 + body.length);
  frame.writeInt32LE(frame.length, 0);
  frame.writeInt32LE(requestId, 4);
  frame.writeInt32LE(2013, 12);
  frame.writeUInt32LE(flags, 16);
  frame.set(body, 21);
  return frame;
}

/** Connects to a server. With `raw`, numbers in replies keep their BSON types. */
export async function openRawClient(
  port: number,
  { host = '127.0.0.1', raw = false }: { host?: string; raw?: boolean } = {},
): Promise<RawClient> {
  const socket: Socket = connect(port, host);
  const options = raw ? { promoteValues: false, promoteLongs: false } : {};
  const waiting: ((reply: Document) => void)[] = [];
  let buffered = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    buffered = Buffer.concat([buffered, chunk]);
    while (buffered.length >= 4 && buffered.length >= buffered.readInt32LE(0)) {
      const length = buffered.readInt32LE(0);
      waiting.shift()?.(deserialize(buffered.subarray(21, length), options));
      buffered = buffered.subarray(length);
    }
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return {
    closed,
    command(body) {
      const frame = opMsg(serialize(body));
      const reply = new Promise<Document>((resolve) => waiting.push(resolve));
      socket.write(frame);
      return reply;
    },
    send: (bytes) => void socket.write(bytes),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}
