import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

interface DriverConnection {
  new (socket: Socket, options: object): object;
}

// Mongoose's own copy of the driver, whichever other copies there are.
const requireOfMongoose = createRequire(createRequire(import.meta.url).resolve('mongoose'));
const { Connection } = requireOfMongoose('mongodb/lib/cmap/connection.js') as { Connection: DriverConnection };

/**
 * A connection of the driver that lets go of a command when it ends under it. A socket that the server has ended takes no
 * more for a moment before it says that it is closed; the driver (7.8) takes that for a full buffer and waits for
 * `drain`, which never comes: such a command got no answer, and no error either, for good. Told of a drain once the socket
 * is closed, the driver finds the connection gone and fails the command as any other that was under way.
 */
class EndingConnection extends Connection {
  constructor(socket: Socket, options: object) {
    super(socket, options);
    // After the driver's own listener, which marks the connection as closed.
    socket.once('close', () => {
      socket.emit('drain');
      // A command that was still being compressed waits from now on.
      socket.on('newListener', (event) => {
        if (event === 'drain') process.nextTick(() => socket.emit('drain'));
      });
    });
  }
}

/** Options of the driver that make its connections such. */
export const endedConnections = { connectionType: EndingConnection };
