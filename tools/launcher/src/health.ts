import net from 'node:net';
import tls from 'node:tls';

/** What a health check found. */
export type Health = { ok: boolean; detail: string };

const failed = (error: unknown): Health => ({ ok: false, detail: explain(error) });

function explain(error: unknown): string {
  const { code, message, cause } = error as NodeJS.ErrnoException & { cause?: NodeJS.ErrnoException };
  const reason = cause?.code ?? code;
  if (reason === 'ECONNREFUSED') return 'nothing listens there';
  if (reason === 'ENOTFOUND') return 'the host name is unknown';
  if (reason === 'ETIMEDOUT' || (error as Error).name === 'TimeoutError') return 'no answer in time';
  return message || reason || 'unknown error';
}

/** Asks a URL; healthy means an answer below 400. */
export async function checkHttp(url: string, timeoutMs = 3000): Promise<Health> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), headers: { connection: 'close' } });
    const text = await response.text();
    if (response.status < 400) return { ok: true, detail: `answers ${response.status}` };
    return { ok: false, detail: `answers ${response.status} ${text.slice(0, 200).replaceAll(/\s+/g, ' ')}`.trim() };
  } catch (error) {
    return failed(error);
  }
}

/** Is somebody listening? */
export function checkTcp(host: string, port: number, timeoutMs = 2000): Promise<Health> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    const finish = (health: Health) => {
      socket.destroy();
      resolve(health);
    };
    socket.setTimeout(timeoutMs, () => finish({ ok: false, detail: 'no answer in time' }));
    socket.once('connect', () => finish({ ok: true, detail: 'listens' }));
    socket.once('error', (error) => finish(failed(error)));
  });
}

/**
 * Pings a Redis and reads how it treats its data.
 * @param url redis:// or rediss://, with user and password where needed
 */
export async function checkRedis(url: string, timeoutMs = 3000): Promise<Health> {
  try {
    const answer = await redisConversation(url, [['PING'], ['INFO', 'everything']], timeoutMs);
    const denied = /^-(.*)$/m.exec(answer);
    if (!answer.includes('+PONG')) return { ok: false, detail: denied?.[1]?.trim() ?? 'does not answer like a Redis' };
    const fact = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(answer)?.[1]?.trim();
    const version = fact('redis_version') ?? '?';
    const policy = fact('maxmemory_policy');
    const durable = fact('aof_enabled') === '1' ? 'append-only file on' : 'append-only file off';
    if (policy !== undefined && policy !== 'noeviction' && fact('maxmemory') !== '0') {
      return { ok: false, detail: `Redis ${version} may evict keys (${policy}); set maxmemory-policy noeviction` };
    }
    return { ok: true, detail: `Redis ${version}, ${durable}` };
  } catch (error) {
    return failed(error);
  }
}

function redisConversation(url: string, commands: readonly string[][], timeoutMs: number): Promise<string> {
  const { protocol, hostname, port, username, password } = new URL(url);
  const target = { host: hostname || '127.0.0.1', port: Number(port || 6379) };
  const all = [...commands];
  if (password !== '') {
    const user = username === '' ? [] : [decodeURIComponent(username)];
    all.unshift(['AUTH', ...user, decodeURIComponent(password)]);
  }
  return new Promise((resolve, reject) => {
    const socket = protocol === 'rediss:' ? tls.connect({ ...target, servername: target.host }) : net.connect(target);
    let text = '';
    const done = () => {
      socket.destroy();
      resolve(text);
    };
    socket.setTimeout(timeoutMs, () => {
      socket.destroy();
      reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }));
    });
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.once('error', reject);
    socket.once('close', done);
    const frame = all.map((words) => {
      return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
    });
    socket.write(`${frame.join('')}*1\r\n$4\r\nQUIT\r\n`);
  });
}

/** Pings a MongoDB and makes sure that it knows transactions. */
export async function checkMongo(uri: string, timeoutMs = 3000): Promise<Health & { empty?: boolean }> {
  const { default: mongoose } = await import('mongoose');
  const client = new mongoose.mongo.MongoClient(uri, {
    serverSelectionTimeoutMS: timeoutMs,
    connectTimeoutMS: timeoutMs,
  });
  try {
    const database = client.db();
    const hello = await database.command({ hello: 1 });
    if (hello['setName'] === undefined && hello['msg'] !== 'isdbgrid') {
      return {
        ok: false,
        detail: 'a standalone server has no transactions; start mongod with --replSet rs0 and run rs.initiate() once',
      };
    }
    const collections = await database.listCollections({}, { nameOnly: true }).toArray();
    const detail = hello['setName'] === undefined ? 'sharded cluster' : `replica set ${String(hello['setName'])}`;
    return { ok: true, detail: `${detail}, database ${database.databaseName}`, empty: collections.length === 0 };
  } catch (error) {
    return failed(error);
  } finally {
    await client.close();
  }
}
