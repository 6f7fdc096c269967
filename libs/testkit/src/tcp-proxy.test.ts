import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

let server: Server;
let served: Socket[];
let proxy: TcpProxy;
let clients: Socket[];

/** A server that says everything back. */
beforeEach(async () => {
  served = [];
  clients = [];
  server = createServer((socket) => {
    served.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => socket.write(chunk));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startTcpProxy({ target: (server.address() as { port: number }).port });
});
afterEach(async () => {
  clients.forEach((client) => client.destroy());
  await proxy.stop();
  served.forEach((socket) => socket.destroy());
  server.close();
});

async function open() {
  const socket = connect({ port: proxy.port, host: '127.0.0.1' });
  clients.push(socket);
  const facts = { socket, heard: '', closed: false };
  socket.on('data', (chunk) => (facts.heard += chunk.toString()));
  socket.on('error', () => undefined);
  socket.on('close', () => (facts.closed = true));
  await once(socket, 'connect');
  return facts;
}

describe('the proxy', () => {
  it('passes everything, and the end of it', async () => {
    const client = await open();
    client.socket.end('hello');
    await expect.poll(() => client).toMatchObject({ heard: 'hello', closed: true });
    expect(proxy.through('redis://user@localhost:6379/2')).toBe(`redis://user@127.0.0.1:${proxy.port}/2`);
    await expect.poll(() => proxy.connections()).toBe(0);
  });

  it('delays in order', async () => {
    const client = await open();
    proxy.delay(150);
    const startedAt = performance.now();
    client.socket.write('a');
    await expect.poll(() => served[0]?.bytesRead ?? 0, { interval: 5 }).toBe(1);
    proxy.delay(0);
    client.socket.write('b');
    await expect.poll(() => client.heard, { interval: 5 }).toBe('ab');
    expect(performance.now() - startedAt).toBeGreaterThan(140);
  });

  it('swallows one direction and resets, once all is well, what lost bytes', async () => {
    const [deaf, idle] = [await open(), await open()];
    proxy.halfOpen('to-client');
    deaf.socket.write('lost');
    await expect.poll(() => served.some(({ bytesRead }) => bytesRead === 4)).toBe(true);
    served.forEach((socket) => socket.destroy());
    await expect.poll(() => served.every(({ closed }) => closed)).toBe(true);
    expect([deaf.closed, deaf.heard, idle.closed]).toEqual([false, '', false]);
    await proxy.pass();
    await expect.poll(() => [deaf.closed, idle.closed]).toEqual([true, true]);
    const fresh = await open();
    fresh.socket.write('x');
    await expect.poll(() => fresh.heard).toBe('x');
  });

  it('leaves connections alone that lost nothing while half-open', async () => {
    const client = await open();
    proxy.halfOpen();
    await proxy.pass();
    client.socket.write('still here');
    await expect.poll(() => client.heard).toBe('still here');
  });

  it('lets the open connections go dead while new ones pass', async () => {
    const old = await open();
    proxy.blackHole();
    old.socket.write('nobody hears');
    const fresh = await open();
    fresh.socket.write('here');
    await expect.poll(() => fresh.heard).toBe('here');
    expect([old.heard, old.closed]).toEqual(['', false]);
    await proxy.pass();
    await expect.poll(() => [old.closed, fresh.closed]).toEqual([true, false]);
  });

  it('refuses new connections, cuts the chosen ones, and takes new ones again at the same port', async () => {
    const [first, second] = [await open(), await open()];
    await proxy.refuse();
    const [error] = (await once(connect({ port: proxy.port, host: '127.0.0.1' }), 'error')) as [{ code: string }];
    expect(error.code).toBe('ECONNREFUSED');
    first.socket.write('on');
    await expect.poll(() => first.heard).toBe('on');
    let asked = 0;
    expect(proxy.cut(() => (asked += 1) === 2)).toBe(1);
    await expect.poll(() => [first.closed, second.closed]).toEqual([false, true]);
    await proxy.pass();
    const third = await open();
    third.socket.write('again');
    await expect.poll(() => third.heard).toBe('again');
  });
});
