import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { CHUNK_BYTES, expectAlive, frame, openSocket, openWire, startSockets } from './socket-server.fixture.ts';

describe('subscriptions', () => {
  it('beyond the limit of a socket are refused, and let in again when others end', async () => {
    await using server = await startSockets({ subscriptions: 3 });
    const { port } = server;
    const { client, call, replies, refused } = await openSocket(port);
    for (let id = 1; id <= 5; id += 1) call(id, 'subscription', 'idle');
    await expect.poll(refused).toEqual([4, 5]);
    expect(replies.find(({ error }) => error)?.error?.json.data).toMatchObject({ reason: 'RATE_LIMITED' });
    client.send(JSON.stringify({ id: 1, method: 'subscription.stop' }));
    await expect.poll(() => replies.some(({ id, result }) => id === 1 && result?.type === 'stopped')).toBe(true);
    call(6, 'subscription', 'idle');
    call(7, 'subscription', 'idle');
    await expect.poll(refused).toEqual([4, 5, 7]);
  });

  it('by the ten thousand end the socket, and no more run than one may have', async () => {
    await using server = await startSockets({ batchSize: 100 });
    const { client, closed } = await openSocket(server.port);
    const send = (from: number) =>
      client.send(
        JSON.stringify(
          Array.from({ length: 100 }, (_, index) => ({
            id: from + index,
            method: 'subscription',
            params: { path: 'idle' },
          })),
        ),
      );
    send(0);
    await expect.poll(() => server.calls.following).toBe(100);
    for (let from = 100; from < 50_000; from += 100) send(from);
    expect(await closed).toBe(1008);
    expect(server.calls.mostFollowing).toBe(100);
    await expect.poll(() => server.calls.following).toBe(0);
    await expectAlive(server.port);
  });

  it('that nobody reads are cut', async () => {
    await using server = await startSockets();
    const { port, connections } = server;
    const { client, call, closed, replies } = await openSocket(port);
    call(1, 'subscription', 'flood');
    await expect.poll(() => replies.length).toBeGreaterThan(1);
    client.pause();
    await expect.poll(connections).toBe(0);
    expect(server.calls.mostBuffered).toBeLessThan(1024 * 1024 + 2 * CHUNK_BYTES);
    client.resume();
    expect(await closed).toBe(1006);
  });
});

describe('a hostile client', () => {
  it('gets no compression: small frames that grow huge are refused', async () => {
    await using server = await startSockets();
    const { port } = server;
    const { wire, heard, ended } = await openWire(port, 'Sec-WebSocket-Extensions: permessage-deflate\r\n');
    expect(heard()).not.toContain('permessage-deflate');
    wire.write(frame(0x80 | 0x40 | 0x1, Buffer.from('x')));
    await ended;
    await expectAlive(port);
  });

  it('can not keep a message in pieces for ever', async () => {
    await using server = await startSockets({ fragments: 8 });
    const { port } = server;
    const { wire, ended } = await openWire(port);
    wire.write(frame(0x1, Buffer.from('{')));
    for (let count = 0; count < 8; count += 1) wire.write(frame(0x0, Buffer.from(' ')));
    await ended;
    await expectAlive(port);
  });

  it('that floods with pings is closed', async () => {
    await using server = await startSockets({ messagesPerSecond: 50 });
    const { port } = server;
    const { client, closed } = await openSocket(port);
    for (let count = 0; count < 200; count += 1) client.ping();
    expect(await closed).toBe(1008);
  });

  it('that pings and never reads gets no answers that would pile up', async () => {
    await using server = await startSockets({ messagesPerSecond: 10_000, drainBytes: 16 * 1024, stallMs: 60_000 });
    const { client, call } = await openSocket(server.port);
    server.hold();
    for (let count = 0; count < 1_000; count += 1) client.ping(Buffer.alloc(125));
    call(1, 'query', 'wait', 'until all of them were heard');
    await expect.poll(() => server.calls.started).toBe(1);
    expect(server.buffered()).toBeGreaterThanOrEqual(16 * 1024);
    expect(server.buffered()).toBeLessThan(17 * 1024);
    client.terminate();
  });

  it('that floods with messages is closed', async () => {
    await using server = await startSockets({ messagesPerSecond: 50 });
    const { port } = server;
    const { client, closed } = await openSocket(port);
    for (let count = 0; count < 200; count += 1) client.send('{"id":');
    expect(await closed).toBe(1008);
  });

  it('that is being closed gets no more calls done', async () => {
    await using server = await startSockets({ messagesPerSecond: 50, pendingCalls: 10_000 });
    const { port } = server;
    const { call, closed } = await openSocket(port);
    for (let id = 0; id < 500; id += 1) call(id, 'query', 'wait', 'x');
    expect(await closed).toBe(1008);
    expect(server.calls.started).toBe(50);
  });

  it('that falls silent is cut, and one that answers is not', async () => {
    await using server = await startSockets({ pingMs: 60, pongMs: 1_000 });
    const { port, connections } = server;
    const [quiet, alive] = await Promise.all([openSocket(port), openSocket(port)]);
    for (const { call } of [quiet, alive]) call(1, 'query', 'echo', 'x');
    await expect.poll(() => [quiet.ids(), alive.ids()]).toEqual([[1], [1]]);
    quiet.client.pause();
    await expect.poll(connections).toBe(1);
    expect(alive.client.readyState).toBe(WebSocket.OPEN);
    quiet.client.terminate();
  });

  it('is told apart from one that is not read because it waits for its calls', async () => {
    await using server = await startSockets({ pendingCalls: 1, pingMs: 60, pongMs: 1_000 });
    const [busy, quiet] = await Promise.all([openSocket(server.port), openSocket(server.port)]);
    busy.call(1, 'query', 'wait', 'long');
    quiet.call(1, 'query', 'echo', 'x');
    await expect.poll(() => [server.calls.started, quiet.ids()]).toEqual([1, [1]]);
    quiet.client.pause();
    await expect.poll(server.connections).toBe(1);
    for (const resolve of server.calls.waiting.splice(0)) resolve();
    await expect.poll(busy.ids).toEqual([1]);
    quiet.client.terminate();
  });

  it('that leaves its subscriptions unread is waited for, then cut', async () => {
    await using server = await startSockets({ drainBytes: 64 * 1024, stallMs: 100 });
    const { port, connections } = server;
    const { client, call, replies } = await openSocket(port);
    call(1, 'subscription', 'patient');
    await expect.poll(() => replies.length).toBeGreaterThan(1);
    client.pause();
    await expect.poll(connections).toBe(0);
    expect(server.calls.mostBuffered).toBeLessThan(64 * 1024 + 2 * CHUNK_BYTES);
    client.terminate();
  });
});

describe('calls under way', () => {
  it.each([
    ['without parameters', { id: 1, method: 'query' }],
    ['with an input that can not be read', { id: 1, method: 'query', params: { path: 'echo', input: 5 } }],
    ['without an id', { id: null, method: 'query', params: { path: 'echo' } }],
    ['with a list as id', { id: [1], method: 'query', params: { path: 'echo' } }],
    ['in one message with one that is refused', [{ id: 1, method: 'query', params: { path: 'echo' } }, null]],
  ])('are not those that were refused: a call %s', async (_, message) => {
    await using server = await startSockets({ pendingCalls: 3 });
    const { client, call, ids } = await openSocket(server.port);
    for (let count = 1; count <= 5; count += 1) {
      client.send(JSON.stringify(message));
      await expect.poll(() => ids().length).toBe(count);
    }
    call(9, 'query', 'echo', 'x');
    await expect.poll(ids).toContain(9);
  });

  it('are not made to look fewer by subscriptions or refusals with their ids', async () => {
    await using server = await startSockets({ pendingCalls: 5, subscriptions: 1 });
    const { call, client } = await openSocket(server.port);
    const padding = 'x'.repeat(60_000);
    for (let count = 0; count < 40; count += 1) {
      call(1, 'query', 'wait', padding);
      call(1, 'subscription', 'idle');
    }
    await expectAlive(server.port);
    expect(server.calls.started).toBeLessThanOrEqual(5);
    client.terminate();
  });
});

describe('a client that comes back', () => {
  it('may send as many subscriptions in one message as a socket may have', async () => {
    await using server = await startSockets({ subscriptions: 30, batchSize: 5 });
    const { port } = server;
    const { client, ids } = await openSocket(port);
    const calls = (count: number) =>
      Array.from({ length: count }, (_, id) => ({ id: id + 1, method: 'subscription', params: { path: 'idle' } }));
    client.send(JSON.stringify(calls(30)));
    await expect.poll(() => ids().length).toBe(30);
    client.send(JSON.stringify(calls(31)));
    await expect.poll(() => ids().at(-1)).toBe(null);
  });
});
