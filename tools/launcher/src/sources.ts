import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** Where a service of the shop comes from. */
export type Source =
  | { kind: 'variable'; variable: string; value: string }
  | { kind: 'path'; binary: string }
  | { kind: 'embedded' }
  | { kind: 'missing' };

/** The outside services and where each comes from. */
export type Sources = { mongo: Source; redis: Source; stripe: Source; files: Source; mail: Source };

/** Finds a program as the shell would. */
export function findOnPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  for (const folder of (env['PATH'] ?? '').split(path.delimiter)) {
    if (folder === '') continue;
    const candidate = path.join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return candidate;
    } catch {
      continue;
    }
  }
  return undefined;
}

/** Decides for each outside service: the one a variable points to, a program on the PATH, or our own. */
export function decideSources(
  env: NodeJS.ProcessEnv,
  find: (name: string) => string | undefined = (name) => findOnPath(name, env),
): Sources {
  const variable = (name: string): Source | undefined => {
    const value = env[name];
    return value === undefined || value === '' ? undefined : { kind: 'variable', variable: name, value };
  };
  const program = (...names: string[]): Source | undefined => {
    for (const name of names) {
      const binary = find(name);
      if (binary !== undefined) return { kind: 'path', binary };
    }
    return undefined;
  };
  return {
    mongo: variable('MONGODB_URI') ?? program('mongod') ?? { kind: 'embedded' },
    redis: variable('REDIS_URL') ?? program('redis-server', 'valkey-server') ?? { kind: 'missing' },
    stripe: variable('STRIPE_SECRET_KEY') ?? variable('STRIPE_API_BASE') ?? { kind: 'embedded' },
    files: variable('S3_BUCKET') ?? { kind: 'embedded' },
    mail: variable('SMTP_URL') ?? { kind: 'embedded' },
  };
}

/** How a source reads in a table. */
export function describeSource(source: Source): string {
  switch (source.kind) {
    case 'variable':
      return source.variable;
    case 'path':
      return source.binary;
    case 'embedded':
      return 'built in';
    case 'missing':
      return 'not found';
  }
}
