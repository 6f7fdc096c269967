import { configProblems } from './config-check.ts';
import { shopEnvironment } from './environment.ts';
import { checkMongo, checkRedis } from './health.ts';
import type { StartOptions } from './options.ts';
import type { Paths } from './paths.ts';
import { generateSecrets } from './secrets.ts';
import type { Sources } from './sources.ts';

/**
 * Everything that can be wrong with the variables and options, found before anything is started or written.
 * @returns one line per problem
 */
export async function preflightProblems({
  env,
  options,
  sources,
  paths,
}: {
  env: NodeJS.ProcessEnv;
  options: StartOptions;
  sources: Sources;
  paths: Paths;
}): Promise<string[]> {
  const draft = shopEnvironment({ env, options, sources, ports: {}, secrets: generateSecrets(), paths });
  const problems = await configProblems(draft);
  const reachable = await Promise.all([
    sources.mongo.kind === 'variable' && wellFormed(sources.mongo.value, /^mongodb(\+srv)?:$/)
      ? checkMongo(sources.mongo.value).then((health) => ({ name: 'MONGODB_URI', ...health }))
      : undefined,
    sources.redis.kind === 'variable' && wellFormed(sources.redis.value, /^rediss?:$/)
      ? checkRedis(sources.redis.value).then((health) => ({ name: 'REDIS_URL', ...health }))
      : undefined,
  ]);
  for (const service of reachable) {
    if (service && !service.ok)
      problems.push(`${service.name}: the server it points to is not usable: ${service.detail}.`);
  }
  return problems;
}

/** Worth asking the address? If not, the configuration check has already named the variable. */
function wellFormed(text: string, protocol: RegExp): boolean {
  const match = /^([a-z+]+:)\/\/[^/?#]+/i.exec(text);
  return match !== null && protocol.test(match[1] ?? '');
}
