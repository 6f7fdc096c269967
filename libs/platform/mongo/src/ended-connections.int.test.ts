import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { testMongo } from '@cartwright/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';

/** The client's sockets that are opened from now on, until the test ends. */
function openedSockets(): Socket[] {
  const sockets: Socket[] = [];
  const note = (message: unknown): void => void sockets.push((message as { socket: Socket }).socket);
  subscribe('net.client.socket', note);
  onTestFinished(() => void unsubscribe('net.client.socket', note));
  return sockets;
}

/** Ends the connection as Node does when the other side has ended it, and runs `work` before it says that it is closed. */
function whileClosing<T>(socket: Socket, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    socket.once('finish', () =>
      process.nextTick(() => {
        expect(socket.destroyed).toBe(true);
        work().then(resolve, reject);
      }),
    );
    socket.push(null);
  });
}

describe('connections that the server has ended', () => {
  it('fail a command that comes before they are closed, and the driver asks again', async () => {
    const sockets = openedSockets();
    await using db = await testMongo();
    for (let time = 0; time < 50; time += 1) await db.mongo.ping();
    // The others are those of the driver's monitor, which writes less.
    const busiest = sockets.toSorted((left, right) => right.bytesWritten - left.bytesWritten)[0] as Socket;
    const rows = db.mongo.connection.collection<{ _id: string }>('rows');
    const told: string[] = [];
    const client = db.mongo.connection.getClient();
    for (const name of ['connectionCheckedOut', 'connectionClosed'] as const) client.on(name, () => told.push(name));
    await expect(whileClosing(busiest, () => rows.findOne({ _id: 'none' }))).resolves.toBeNull();
    // Also one that waits later: while a command is compressed its connection may close.
    await once(busiest, 'drain');
    expect(told).toEqual(['connectionCheckedOut', 'connectionClosed', 'connectionCheckedOut']);
  });
});
