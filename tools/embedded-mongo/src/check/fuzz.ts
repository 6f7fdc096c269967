import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { deserialize } from 'bson';
import { openRawClient } from '../testing/raw-client.ts';
import { makeFrame } from './frame-maker.ts';
import type { Anomaly } from './history.ts';
import { createRandom } from './random.ts';

const FRAMES = 150;
const ANSWER_MS = 10_000;
const MAX_RESIDENT_MB = 700;

/**
 * Sends frames that are broken in every way to a server, each over a connection of its own, and says what went wrong: a
 * connection that is neither answered nor closed, an answer that tells of an exception inside, a server that does not
 * serve others any more or takes memory without end.
 */
export async function fuzzFrames({ seed, port, pid }: { seed: number; port: number; pid: number }): Promise<Anomaly[]> {
  const random = createRandom(seed);
  const anomalies: Anomaly[] = [];
  // Some stay behind with half a frame; they are to disturb nobody.
  const slow = Array.from({ length: 5 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  for (const socket of slow) socket.write(makeFrame(random).subarray(0, 1 + random.below(15)));
  for (let i = 0; i < FRAMES; i++) {
    const frame = makeFrame(random);
    const result = await exchange(port, frame);
    if (result !== null)
      anomalies.push({ kind: result, message: `frame ${i}: ${frame.toString('hex').slice(0, 2000)}` });
  }
  for (const socket of slow) socket.destroy();
  using client = await openRawClient(port);
  const pong = await client.command({ ping: 1, $db: 'admin' });
  if (pong['ok'] !== 1) anomalies.push({ kind: 'not-serving', message: JSON.stringify(pong) });
  await client.command({ drop: 'rows', $db: 'fuzz' });
  const resident = residentMb(pid);
  if (resident > MAX_RESIDENT_MB) anomalies.push({ kind: 'memory', message: `${resident} MB` });
  return anomalies;
}

/** Sends a frame and nothing after it: the server has to answer or to close. Answers what went wrong, or null. */
function exchange(port: number, frame: Buffer): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let received = Buffer.alloc(0);
    const timer = setTimeout(() => end('hang'), ANSWER_MS);
    const end = (result: string | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    socket.on('error', () => end(null));
    socket.on('close', () => end(null));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 21 || received.length < received.readInt32LE(0)) return;
      const from = received.readInt32LE(12) === 1 ? 36 : 21;
      end(deserialize(received.subarray(from), { bsonRegExp: true })['code'] === 8 ? 'internal-error' : null);
    });
    socket.end(frame);
  });
}

function residentMb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
