import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { startEmbeddedMongo } from './index.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const CLI = fileURLToPath(new URL('./cli.ts', import.meta.url));

function run(args: readonly string[], uid?: number): { code: number | null; out: string; errors: string } {
  const result = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], {
    encoding: 'utf8',
    timeout: 20_000,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  return { code: result.status, out: result.stdout, errors: result.stderr };
}

describe('the command line', () => {
  it('tells its address, then that it is ready, and ends at SIGTERM without a trace in memory', async () => {
    using folder = temporaryFolder();
    const child = spawn(process.execPath, [CLI, '--port', '0', '--data', join(folder.path, 'a', 'b')]);
    const exited = once(child, 'exit');
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    await expect
      .poll(() => out, { timeout: 15_000 })
      .toMatch(/^mongodb:\/\/127\.0\.0\.1:\d+\/\?replicaSet=cartwright\nready\n$/);
    await using client = new MongoClient(out.split('\n')[0] ?? '');
    expect(await client.db('test').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(readdirSync(join(folder.path, 'a', 'b'))).toEqual(['journal-0.log']);
  });

  it('refuses what it does not understand with code 2 and its usage', () => {
    expect(run(['--nope'])).toMatchObject({ code: 2, out: '', errors: expect.stringContaining('Usage:') });
    expect(run(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('Usage:'), errors: '' });
  });

  it('says that the port is taken, or the folder, and touches nothing of the other', async () => {
    using folder = temporaryFolder();
    const listener = createServer();
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    const taken = run(['--port', String(port), '--data', folder.path]);
    expect(taken).toMatchObject({ code: 1, errors: expect.stringContaining(`port ${port} of 127.0.0.1 is taken`) });
    listener.close();
    const mongo = await startEmbeddedMongo({ dataDir: folder.path });
    const locked = run(['--port', '0', '--data', folder.path]);
    expect(locked).toMatchObject({ code: 1, errors: expect.stringContaining(`in use by the process ${mongo.pid}`) });
    await expect(startEmbeddedMongo({ dataDir: folder.path })).rejects.toThrow(/in use by the process/);
    await mongo.stop();
    const again = await startEmbeddedMongo({ dataDir: folder.path });
    await again.stop();
  });

  it('says why a folder is none', () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    const inFile = run(['--port', '0', '--data', file]);
    expect(inFile).toMatchObject({ code: 1, errors: expect.stringContaining(`the data folder ${file} can't be used`) });
    const below = run(['--port', '0', '--data', join(file, 'below')]);
    expect(below).toMatchObject({ code: 1, errors: expect.stringContaining('a part of its path is no folder') });
  });

  // Only root may become somebody else.
  it.runIf(process.getuid?.() === 0)('says that a folder may only be read', () => {
    using folder = temporaryFolder();
    const dir = join(folder.path, 'readonly');
    mkdirSync(dir, { mode: 0o755 });
    chmodSync(folder.path, 0o755);
    const nobody = 65_534;
    expect(run(['--port', '0', '--data', dir], nobody)).toMatchObject({
      code: 1,
      errors: expect.stringContaining('this user may not write there'),
    });
    expect(existsSync(join(dir, 'journal-0.log'))).toBe(false);
  });
});
