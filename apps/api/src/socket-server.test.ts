import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { expectAlive, openSocket, ORIGIN, startSockets } from './socket-server.fixture.ts';

describe('opening a socket', () => {
  it('is refused to foreign origins, at the upgrade', async () => {
    await using server = await startSockets();
    const { port } = server;
    await expect(openSocket(port, { origin: 'https://evil.test' })).rejects.toThrow('403');
    expect((await openSocket(port, { origin: ORIGIN })).client.readyState).toBe(WebSocket.OPEN);
  });

  it.each([
    ['a Host that is none', 'GET /trpc HTTP/1.1\r\nHost: [\r\n', '400'],
    ['another path', 'GET /elsewhere HTTP/1.1\r\nHost: x\r\n', '404'],
  ])('is refused for %s, without harm', async (_, head, status) => {
    await using server = await startSockets();
    const { port } = server;
    const key =
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    const socket = connect(port, '127.0.0.1');
    socket.write(`${head}${key}\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain(`HTTP/1.1 ${status}`);
    socket.resetAndDestroy();
    await expectAlive(port);
  });

  it('that was refused leaves no connection behind, even when the client keeps its end open', async () => {
    await using server = await startSockets();
    const wire = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
    wire.write(
      'GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await once(wire, 'data');
    await expect.poll(server.connections).toBe(0);
    wire.destroy();
  });

  it('ends when nothing is said for too long', async () => {
    await using server = await startSockets({ handshakeMs: 50 });
    const { port } = server;
    expect(await (await openSocket(port)).closed).toBe(1008);
  });
});

describe('messages', () => {
  it.each([
    ['no JSON', '{"id":1,'],
    ['null', 'null'],
    ['a list of nulls', '[null,1,"x"]'],
    ['a call without parameters', '{"id":1,"method":"query"}'],
    ['an unknown method', '{"id":1,"method":"__proto__","params":{"path":"echo"}}'],
    [
      'too many calls',
      JSON.stringify(Array.from({ length: 21 }, (_, id) => ({ id, method: 'query', params: { path: 'echo' } }))),
    ],
  ])('that are %s are refused', async (_, message) => {
    await using server = await startSockets();
    const { port } = server;
    const { client, replies, ids, call } = await openSocket(port);
    client.send(message);
    await expect.poll(ids).toEqual([null]);
    expect(replies[0]?.error?.json.data).toMatchObject({ httpStatus: 400, reason: 'INVALID_INPUT' });
    call(2, 'query', 'echo', 'x');
    await expect.poll(ids).toEqual([null, 2]);
  });

  it('of 100,000 calls end the socket and nothing else', async () => {
    await using server = await startSockets();
    const { port } = server;
    const { client, closed } = await openSocket(port);
    client.send(
      JSON.stringify(Array.from({ length: 100_000 }, (_, id) => ({ id, method: 'query', params: { path: 'echo' } }))),
    );
    expect(await closed).toBe(1009);
    await expectAlive(port);
  });

  it('in a flood leave room for others', async () => {
    await using server = await startSockets();
    const { port } = server;
    const { client } = await openSocket(port);
    for (let index = 0; index < 5_000; index += 1) client.send('{"id":');
    await expectAlive(port);
    client.terminate();
  });

  it('wait while too many calls are under way, and are all answered', async () => {
    await using server = await startSockets({ pendingCalls: 10 });
    const { port } = server;
    const { call, ids } = await openSocket(port);
    const padding = 'x'.repeat(60_000);
    for (let id = 0; id < 60; id += 1) call(id, 'query', 'wait', padding);
    await expectAlive(port);
    expect(server.calls.started).toBeGreaterThanOrEqual(10);
    expect(server.calls.started).toBeLessThan(20);
    await expect
      .poll(() => {
        for (const resolve of server.calls.waiting.splice(0)) resolve();
        return ids().length;
      })
      .toBe(60);
  });
});

describe('sockets of a session', () => {
  const ready = async (port: number, token?: string) => {
    const socket = await openSocket(port, token === undefined ? {} : { token });
    socket.call(1, 'query', 'echo', 'x');
    await expect.poll(socket.ids).toEqual([1]);
    return socket;
  };

  it('are closed with it, and no others', async () => {
    await using server = await startSockets();
    const { port, sockets } = server;
    const [first, second, other] = await Promise.all([
      ready(port, 'good1'),
      ready(port, 'good1'),
      ready(port, 'good2'),
    ]);
    sockets.endSession('good1');
    expect(await Promise.all([first.closed, second.closed])).toEqual([4401, 4401]);
    expect(other.client.readyState).toBe(WebSocket.OPEN);
  });

  it('are all closed when ends may have been missed; guests stay', async () => {
    await using server = await startSockets();
    const { port, sockets } = server;
    const [mine, guest] = await Promise.all([ready(port, 'good1'), ready(port)]);
    sockets.reauthenticateAll();
    expect(await mine.closed).toBe(4401);
    expect(guest.client.readyState).toBe(WebSocket.OPEN);
  });

  it('are closed when the token ends', async () => {
    await using server = await startSockets({}, 300);
    const { port } = server;
    expect(await (await ready(port, 'good1')).closed).toBe(4401);
  });

  it('are cut when the client does not answer the closing', async () => {
    await using server = await startSockets();
    const { port, sockets, connections } = server;
    const { client } = await ready(port, 'good1');
    client.pause();
    sockets.endSession('good1');
    await expect.poll(connections).toBe(0);
    client.terminate();
  });
});

describe('sockets of a user', () => {
  it('are closed whatever their sessions', async () => {
    await using server = await startSockets();
    const { port, sockets } = server;
    const both = await Promise.all([openSocket(port, { token: 'good1' }), openSocket(port, { token: 'good2' })]);
    for (const { call } of both) call(1, 'query', 'echo', 'x');
    await expect.poll(() => both.map(({ ids }) => ids())).toEqual([[1], [1]]);
    sockets.endUser('u1');
    expect(await Promise.all(both.map(({ closed }) => closed))).toEqual([4401, 4401]);
  });
});

describe('a process', () => {
  it('takes so many sockets, and so many of one network; others are told to come later', async () => {
    await using full = await startSockets({ sockets: 2 });
    await Promise.all([openSocket(full.port), openSocket(full.port)]);
    await expect(openSocket(full.port)).rejects.toThrow('503');
    await using crowded = await startSockets({ socketsPerNetwork: 2 });
    const [first] = await Promise.all([openSocket(crowded.port), openSocket(crowded.port)]);
    await expect(openSocket(crowded.port)).rejects.toThrow('429');
    first?.client.terminate();
    await expect.poll(() => openSocket(crowded.port).then(() => 'open', String)).toBe('open');
  });

  it('counts the subscriptions of guests by network, over all of their sockets', async () => {
    await using server = await startSockets({ subscriptionsPerNetwork: 2 });
    const { port } = server;
    const [first, second] = await Promise.all([openSocket(port), openSocket(port)]);
    first?.call(1, 'subscription', 'idle');
    second?.call(1, 'subscription', 'idle');
    await expect.poll(() => [first?.ids(), second?.ids()]).toEqual([[1], [1]]);
    second?.call(2, 'subscription', 'idle');
    await expect
      .poll(() => second?.replies.find(({ error }) => error)?.error?.json.data)
      .toMatchObject({ reason: 'RATE_LIMITED' });
  });

  it('counts the subscriptions of a user over all sockets', async () => {
    await using server = await startSockets({ subscriptionsPerUser: 2 });
    const [first, second] = await Promise.all(['good1', 'good2'].map((token) => openSocket(server.port, { token })));
    first?.call(1, 'subscription', 'idle');
    second?.call(1, 'subscription', 'idle');
    await expect.poll(() => [first?.ids(), second?.ids()]).toEqual([[1], [1]]);
    second?.call(2, 'subscription', 'idle');
    await expect
      .poll(() => second?.replies.find(({ error }) => error)?.error?.json.data)
      .toMatchObject({ reason: 'RATE_LIMITED' });
  });

  it('that stops takes no more of them', async () => {
    await using server = await startSockets({ spreadMs: 200 });
    await Promise.all(Array.from({ length: 10 }, () => openSocket(server.port)));
    const closing = server.sockets.close(20);
    await expect(openSocket(server.port)).rejects.toThrow('503');
    await closing;
  });

  it('sends its clients away one after the other when it stops', async () => {
    await using server = await startSockets({ spreadMs: 300, closeMs: 50 });
    const { port, sockets } = server;
    const count = 60;
    const clients = await Promise.all(Array.from({ length: count }, () => openSocket(port)));
    const told: number[] = [];
    for (const { client } of clients) client.once('message', () => told.push(performance.now()));
    await sockets.close(5_000);
    expect(told).toHaveLength(count);
    expect(Math.max(...told) - Math.min(...told)).toBeGreaterThan(count / 2);
    expect(clients.every(({ replies }) => (replies[0] as { method?: string }).method === 'reconnect')).toBe(true);
  });
});
