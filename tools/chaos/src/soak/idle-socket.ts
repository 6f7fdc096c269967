import { WebSocket } from 'ws';

/** A subscriber without the SDK's comforts, of which one process can hold thousands. */
export interface IdleSocket {
  /** Whether it is (still) subscribed. */
  readonly open: boolean;
  readonly events: number;
  close(): void;
}

/** Subscribes to one's own orders on a socket of its own; rejects when the shop refuses. */
export function openIdleSocket(options: {
  url: string;
  token: string;
  /** The address it seems to come from, as a proxy would tell. */
  address: string;
  /** Milliseconds from the writing of an event to its arrival. */
  onLatency: (milliseconds: number) => void;
}): Promise<IdleSocket> {
  const { url, token, address, onLatency } = options;
  const socket = new WebSocket(`${url.replace('http', 'ws')}/trpc?connectionParams=1`, {
    headers: { 'x-forwarded-for': address },
    perMessageDeflate: false,
  });
  const state = { open: false, events: 0, close: () => socket.terminate() };
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.send(JSON.stringify({ method: 'connectionParams', data: { token } }));
      const params = { path: 'orders.onStatus', input: { json: {} } };
      socket.send(JSON.stringify({ id: 1, method: 'subscription', params }));
    });
    socket.on('message', (message: Buffer) => {
      const now = Date.now();
      const { result, error } = JSON.parse(message.toString()) as {
        result?: { data?: { json: { data: { type: string; at?: string } } } };
        error?: { json: { message: string } };
      };
      if (error) reject(new Error(`A subscription was refused: ${error.json.message}`));
      const item = result?.data?.json.data;
      if (item?.type === 'ready') {
        state.open = true;
        resolve(state);
      }
      if (item?.type !== 'order.status') return;
      state.events += 1;
      onLatency(now - Date.parse(item.at ?? ''));
    });
    socket.once('close', (code) => {
      state.open = false;
      reject(new Error(`A socket was closed with ${code}`));
    });
    socket.once('error', reject);
  });
}
