import type { HostProcess } from '@cartwright/testapp';
import { WebSocket } from 'ws';

/** A message of the server, as far as tests look at it. */
export interface SocketReply {
  id: number | null;
  result?: { type: string; id?: string; data?: { json: { id: string; data: { type: string; status?: string } } } };
  error?: { json: { data: { reason: string; httpStatus: number } } };
}

/** A socket without the SDK around it, which reconnects by nobody's wish: what it got, and when it was closed. */
export async function openRawSocket(api: HostProcess, parameters: Record<string, string> = {}) {
  const client = new WebSocket(`${api.url.replace('http', 'ws')}/trpc?connectionParams=1`);
  const replies: SocketReply[] = [];
  const closed = new Promise<{ code: number; at: number }>((resolve) => {
    client.once('close', (code) => resolve({ code, at: performance.now() }));
  });
  client.on('message', (data) => {
    const text = String(data);
    if (text.startsWith('{')) replies.push(JSON.parse(text) as SocketReply);
  });
  await new Promise((resolve, reject) => client.once('open', resolve).once('error', reject));
  client.on('error', () => undefined);
  client.send(JSON.stringify({ method: 'connectionParams', data: parameters }));
  return {
    client,
    replies,
    closed,
    isOpen: () => client.readyState === WebSocket.OPEN,
    send: (id: number, method: 'query' | 'mutation' | 'subscription', path: string, json: unknown = {}): void =>
      client.send(JSON.stringify({ id, method, params: { path, input: { json } } })),
  };
}
