import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { serialize } from 'bson';
import { describe, expect, it } from 'vitest';
import { opMsg } from '../testing/raw-client.ts';
import { serveConnection, type Outcome } from './connection.ts';
import { createMessageBudget, type MessageBudget } from './message-budget.ts';
import type { Request } from './messages.ts';

const small = Buffer.from(serialize({ ping: 1, $db: 'admin' }));
const large = (bytes: number): Buffer => opMsg(serialize({ a: Buffer.alloc(bytes) }));

/** Also when the connection is reset: what was still under way is of no use to anybody. */
const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.resume().once('close', () => resolve()));

interface TestServer extends AsyncDisposable {
  readonly budget: MessageBudget;
  /** How many requests came, and how many connections there are. */
  readonly seen: { requests: number; open: number; bytesRead(): number };
  connect(): Promise<Socket>;
}

async function openServer(options: {
  limitBytes?: number;
  transferTimeoutMs?: number;
  handle?: (request: Request) => Promise<Outcome>;
}): Promise<TestServer> {
  const budget = createMessageBudget(options.limitBytes);
  const accepted = new Set<Socket>();
  const bytesRead = (): number => [...accepted].reduce((sum, socket) => sum + socket.bytesRead, 0);
  const seen = { requests: 0, open: 0, bytesRead };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    accepted.add(socket);
    seen.open += 1;
    const handler = {
      handle(request: Request): Promise<Outcome> {
        seen.requests += 1;
        return options.handle?.(request) ?? Promise.resolve({ reply: small });
      },
      closed: () => void (seen.open -= 1),
    };
    serveConnection(socket, handler, { budget, transferTimeoutMs: options.transferTimeoutMs ?? 60_000 });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    budget,
    seen,
    async connect() {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
      sockets.add(socket);
      await once(socket, 'connect');
      return socket;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of [...sockets, ...accepted]) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('a connection', () => {
  it('closes on a client that never finishes a message, large or small, and keeps nothing of it', async () => {
    await using server = await openServer({ transferTimeoutMs: 50 });
    const starts = [opMsg(small).subarray(0, 3), opMsg(small).subarray(0, 20), large(1_000_000).subarray(0, 500_000)];
    for (const start of starts) {
      const socket = await server.connect();
      socket.write(start);
      await closed(socket);
    }
    await expect.poll(() => server.budget.used()).toBe(0);
    expect(server.seen.requests).toBe(0);
  });

  it('closes on a client that drips, however often its next byte comes', async () => {
    await using server = await openServer({ transferTimeoutMs: 100 });
    const socket = await server.connect();
    const bytes = large(100_000);
    let at = 0;
    const drip = setInterval(() => socket.write(bytes.subarray(at, (at += 1))), 5);
    await closed(socket);
    clearInterval(drip);
    expect(server.seen.requests).toBe(0);
  });

  it('counts the time of each message for itself, and none between messages', async () => {
    await using server = await openServer({ transferTimeoutMs: 150 });
    const socket = await server.connect();
    const until = Date.now() + 600;
    const frame = opMsg(small);
    let sent = 0;
    while (Date.now() < until) {
      // Always within a message: the end of one comes with the beginning of the next.
      socket.write(sent === 0 ? frame.subarray(0, 10) : Buffer.concat([frame.subarray(10), frame.subarray(0, 10)]));
      sent += 1;
      await expect.poll(() => server.seen.requests, { interval: 2 }).toBe(sent - 1);
    }
    expect(server.seen.open).toBe(1);
    expect(sent).toBeGreaterThan(3);
  });

  it('is not closed for being idle', async () => {
    await using server = await openServer({ transferTimeoutMs: 20 });
    const idle = await server.connect();
    const other = await server.connect();
    other.write(opMsg(small).subarray(0, 5));
    await closed(other);
    idle.write(opMsg(small));
    const [answer] = await once(idle, 'data');
    expect(answer.length).toBeGreaterThan(20);
  });

  it('closes on a client that does not take its answer', async () => {
    const reply = Buffer.from(serialize({ a: Buffer.alloc(12_000_000) }));
    await using server = await openServer({ transferTimeoutMs: 100, handle: () => Promise.resolve({ reply }) });
    const socket = await server.connect();
    socket.pause();
    socket.write(opMsg(small));
    await expect.poll(() => server.budget.used()).toBeGreaterThan(0);
    await expect.poll(() => server.seen.open).toBe(0);
    expect(server.budget.used()).toBe(0);
  });

  it('lets large messages wait for each other, and small ones pass', async () => {
    const gates: (() => void)[] = [];
    const handle = (request: Request): Promise<Outcome> =>
      request.body.length < 1000
        ? Promise.resolve({ reply: small })
        : new Promise((resolve) => gates.push(() => resolve({ reply: small })));
    await using server = await openServer({ limitBytes: 1_500_000, handle });
    const clients = await Promise.all(Array.from({ length: 5 }, () => server.connect()));
    for (const client of clients) client.write(large(1_000_000));
    await expect.poll(() => gates.length).toBe(1);
    const quick = await server.connect();
    quick.write(opMsg(small));
    await once(quick, 'data');
    expect(gates.length).toBe(1);
    expect(server.budget.used()).toBeLessThan(1_500_000);
    for (let done = 0; done < 5; done++) {
      await expect.poll(() => gates.length).toBe(done + 1);
      gates[done]?.();
    }
    await expect.poll(() => server.budget.used()).toBe(0);
  });

  it('gives up the room of a client that leaves while it waits or sends', async () => {
    await using server = await openServer({ limitBytes: 1_500_000 });
    const [first, second] = [await server.connect(), await server.connect()];
    first.write(large(1_400_000).subarray(0, 700_000));
    await expect.poll(() => server.budget.used()).toBeGreaterThan(1_000_000);
    second.write(large(1_400_000).subarray(0, 700_000));
    second.destroy();
    first.destroy();
    await expect.poll(() => [server.budget.used(), server.seen.open]).toEqual([0, 0]);
  });

  it('starts no requests while unread answers hold more than there is', async () => {
    const reply = Buffer.from(serialize({ a: Buffer.alloc(12_000_000) }));
    let answered = 0;
    const handle = async (): Promise<Outcome> => {
      answered += 1;
      return { reply: answered === 1 ? reply : small };
    };
    await using server = await openServer({ limitBytes: 1_000_000, handle });
    const slow = await server.connect();
    slow.pause();
    slow.write(opMsg(small));
    await expect.poll(() => server.budget.isOver()).toBe(true);
    const other = await server.connect();
    const before = server.seen.bytesRead();
    other.write(Buffer.concat([opMsg(small), opMsg(small)]));
    await expect.poll(() => server.seen.bytesRead()).toBe(before + 2 * opMsg(small).length);
    expect(answered).toBe(1);
    slow.resume();
    await expect.poll(() => answered).toBe(3);
  });

  it('reads no more than a little ahead of the request it answers', async () => {
    let release = (): void => undefined;
    const handle = (): Promise<Outcome> => new Promise((resolve) => (release = () => resolve({ reply: small })));
    await using server = await openServer({ handle });
    const socket = await server.connect();
    socket.resume();
    const frame = opMsg(small);
    socket.write(Buffer.alloc(10_000_000, frame).subarray(0, Math.floor(10_000_000 / frame.length) * frame.length));
    await expect.poll(() => server.seen.requests).toBe(1);
    for (let n = 1; n < 100; n++) {
      release();
      await expect.poll(() => server.seen.requests, { interval: 1 }).toBe(n + 1);
    }
    expect(server.seen.bytesRead()).toBeLessThan(400_000);
  });
});
