import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

export type Direction = 'to-server' | 'to-client' | 'both';

/** A way between a client and a server that can be made bad. Works per byte and knows no protocol. */
export type TcpProxy = AsyncDisposable & {
  readonly port: number;
  /** The address with its host and port replaced by the proxy's own. */
  through(address: string): string;
  /** How many connections are open. */
  connections(): number;
  /** Everything passes again. Connections that lost bytes meanwhile are reset, as the other end would. */
  pass(): Promise<void>;
  /** Holds back every byte for so long, both ways, in order. */
  delay(milliseconds: number): void;
  /** Swallows what goes in one direction, or both, and keeps all connections open; new ones are taken, too. */
  halfOpen(direction?: Direction): void;
  /** The open connections go dead without a word, as when a router forgets them; new ones pass. */
  blackHole(): void;
  /** Takes no new connections (they are refused); the open ones go on. */
  refuse(): Promise<void>;
  /** Resets open connections, all or those chosen; answers how many. */
  cut(choose?: () => boolean): number;
  /** Ends it with everything that runs through it. */
  stop(): Promise<void>;
};

type Pair = { client: Socket; server: Socket; lost: boolean; dead: boolean };

/** Starts a proxy on 127.0.0.1 in front of a port of this machine; `target` is asked anew for each connection. */
export const startTcpProxy = async (options: { target: number | (() => number); port?: number }): Promise<TcpProxy> => {
  const targetPort = (): number => (typeof options.target === 'number' ? options.target : options.target());
  const pairs = new Set<Pair>();
  let delayMs = 0;
  let swallowed: Direction | undefined;

  const swallows = (pair: Pair, direction: Direction): boolean =>
    pair.dead || swallowed === direction || swallowed === 'both';

  const forward = (from: Socket, to: Socket, pair: Pair, direction: Direction): void => {
    const held: { due: number; act: () => void }[] = [];
    const release = (): void => {
      for (let first = held[0]; first; first = held[0]) {
        const wait = first.due - performance.now();
        if (wait > 0) return void setTimeout(release, wait);
        held.shift();
        first.act();
      }
    };
    // In order, also while the delay changes.
    const later = (act: () => void): void => {
      if (delayMs === 0 && held.length === 0) return act();
      held.push({ due: performance.now() + delayMs, act });
      if (held.length === 1) setTimeout(release, delayMs);
    };
    from.on('data', (chunk: Buffer) => {
      if (swallows(pair, direction)) {
        pair.lost = true;
        return;
      }
      later(() => {
        if (to.destroyed || to.write(chunk)) return;
        from.pause();
        to.once('drain', () => from.resume());
      });
    });
    from.on('end', () => {
      if (swallows(pair, direction)) pair.lost = true;
      else later(() => to.end());
    });
  };

  const accept = (client: Socket): void => {
    const server = connect({ port: targetPort(), host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    client.setNoDelay(true);
    const pair: Pair = { client, server, lost: false, dead: false };
    pairs.add(pair);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on('error', () => other.resetAndDestroy());
      socket.on('close', () => {
        // Half-open: who is cut off does not learn that the other end is gone, until everything passes again.
        if (swallowed !== undefined || pair.dead) {
          pair.lost = true;
          return;
        }
        pairs.delete(pair);
        other.destroy();
      });
    }
    forward(client, server, pair, 'to-server');
    forward(server, client, pair, 'to-client');
  };

  const reset = (pair: Pair): void => {
    pairs.delete(pair);
    pair.client.resetAndDestroy();
    pair.server.resetAndDestroy();
  };

  let listener = createServer({ noDelay: true, allowHalfOpen: true }, accept);
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(port, '127.0.0.1', () => {
        listener.off('error', reject);
        resolve();
      });
    });
  await listen(options.port ?? 0);
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
  const { port } = address;

  const cut = (choose: () => boolean = () => true): number => {
    const chosen = [...pairs].filter(() => choose());
    chosen.forEach(reset);
    return chosen.length;
  };
  // Not awaited where connections go on: a listener counts as closed only after the last of them.
  const stopListening = (): Promise<void> =>
    new Promise((resolve) => {
      if (!listener.listening) return resolve();
      listener.close();
      setImmediate(resolve);
    });
  const stop = async (): Promise<void> => {
    await stopListening();
    cut();
  };

  return {
    port,
    through: (given) => {
      const url = new URL(given);
      url.hostname = '127.0.0.1';
      url.port = String(port);
      return url.toString();
    },
    connections: () => pairs.size,
    pass: async () => {
      delayMs = 0;
      swallowed = undefined;
      for (const pair of pairs) if (pair.lost || pair.dead) reset(pair);
      if (listener.listening) return;
      listener = createServer({ noDelay: true, allowHalfOpen: true }, accept);
      await listen(port);
    },
    delay: (milliseconds) => {
      delayMs = milliseconds;
    },
    halfOpen: (direction = 'both') => {
      swallowed = direction;
    },
    blackHole: () => {
      for (const pair of pairs) pair.dead = true;
    },
    refuse: stopListening,
    cut,
    stop,
    [Symbol.asyncDispose]: stop,
  };
};
