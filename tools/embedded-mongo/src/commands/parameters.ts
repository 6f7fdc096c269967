import { Doc, isNumber, typeName, type Value } from '../bson/index.ts';
import { MongoError } from '../engine/index.ts';
import type { Command, ServerContext } from '../server/context.ts';
import { isGenericField, isTruthy } from './args.ts';

const INVALID_OPTIONS = 72;

const parameters = (server: ServerContext): readonly (readonly [string, Value])[] => [
  ['featureCompatibilityVersion', Doc.of(['version', '8.0'])],
  ['enableTestCommands', true],
  ['transactionLifetimeLimitSeconds', 60],
  ['ttlMonitorEnabled', server.ttlMonitorEnabled],
  ['ttlMonitorSleepSecs', 1],
];

function getParameter(server: ServerContext, args: Doc): Doc {
  const all =
    args.values[0] === '*' || (args.values[0] instanceof Doc && isTruthy(args.values[0].get('allParameters')));
  const reply = new Doc();
  for (const [name, value] of parameters(server)) {
    if (all || isTruthy(args.get(name))) reply.append(name, value);
  }
  if (reply.size === 0) throw new MongoError(INVALID_OPTIONS, 'no option found to get');
  return reply;
}

/** Sets what can be set: whether expired documents are removed. */
function setParameter(server: ServerContext, args: Doc): Doc {
  const names = args.keys.slice(1).filter((name) => !isGenericField(name));
  const [name] = names;
  if (name === undefined) {
    throw new MongoError(INVALID_OPTIONS, 'no option found to set, use help:true to see options ');
  }
  const other = names.find((candidate) => candidate !== 'ttlMonitorEnabled');
  if (other !== undefined) {
    throw new MongoError(
      INVALID_OPTIONS,
      `attempted to set unrecognized parameter [${other}], use help:true to see options `,
    );
  }
  const value = args.get(name);
  if (typeof value !== 'boolean' && !isNumber(value)) {
    throw new MongoError(14, `${name} had the wrong type. Expected bool, found ${typeName(value ?? null)}`);
  }
  const was = server.ttlMonitorEnabled;
  server.ttlMonitorEnabled = isTruthy(value);
  return Doc.of(['was', was]);
}

const command = (name: string, run: (server: ServerContext, args: Doc) => Doc): Command => ({
  name,
  // The fields are the parameters.
  fields: null,
  adminOnly: true,
  run: ({ server, args }) => run(server, args),
});

export const parameterCommands: readonly Command[] = [
  command('getParameter', getParameter),
  command('setParameter', setParameter),
];
