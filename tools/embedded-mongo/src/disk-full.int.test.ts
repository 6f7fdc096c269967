import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { startEmbeddedMongo } from './index.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const CLI = fileURLToPath(new URL('./cli.ts', import.meta.url));

/** A server whose files may not grow beyond some kilobytes: the system refuses writes, as it does on a full disk. */
async function startLimited(dir: string, kilobytes: number) {
  const script = `trap '' XFSZ; ulimit -f ${kilobytes}; exec "$0" "$@"`;
  const child = spawn('bash', ['-c', script, process.execPath, CLI, '--port', '0', '--data', dir], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let output = '';
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await expect.poll(() => output).toContain('ready');
  return { uri: output.split('\n')[0] as string, exited, errors: () => errors };
}

describe('a server whose disk is full', () => {
  it('stops with code 3 and words to it, and has all that it answered when it starts again', async () => {
    using dir = temporaryFolder();
    const limited = await startLimited(dir.path, 200);
    const client = new MongoClient(limited.uri, { retryWrites: false, serverSelectionTimeoutMS: 500 });
    const answered: number[] = [];
    const filler = 'x'.repeat(1000);
    try {
      for (let i = 0; i < 1000; i++) {
        await client.db('test').collection<{ _id: number; filler: string }>('rows').insertOne({ _id: i, filler });
        answered.push(i);
      }
    } catch {
      // The connection ends with the server.
    }
    await client.close();
    expect(await limited.exited).toEqual([3, null]);
    expect(limited.errors()).toMatch(/the data could not be written, stopping: EFBIG/);
    expect(answered.length).toBeGreaterThan(100);
    expect(answered.length).toBeLessThan(250);

    const mongo = await startEmbeddedMongo({ dataDir: dir.path });
    const reader = new MongoClient(mongo.uri);
    const stored = await reader.db('test').collection<{ _id: number }>('rows').find().toArray();
    await reader.close();
    await mongo.stop();
    const ids = new Set(stored.map(({ _id }) => _id));
    expect(answered.filter((id) => !ids.has(id))).toEqual([]);
  });
});
