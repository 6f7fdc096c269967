import { Doc, type Value } from '../bson/index.ts';
import { compileExpression, createScope, MongoError, parseCollation, type Collation } from '../engine/index.ts';
import { resolveHint } from '../query/hint.ts';
import { prepareQuery, type PreparedQuery } from '../query/find-records.ts';
import type { CommandContext } from '../server/context.ts';
import type { CollectionState } from '../storage/state.ts';
import { optionalDoc } from './args.ts';

/** The collation of a statement: its own, or else that of the collection. */
export function collationOf(state: CollectionState | undefined, given: Value | undefined): Collation | undefined {
  const chosen = given ?? state?.options.get('collation');
  return chosen instanceof Doc ? parseCollation(chosen) : undefined;
}

/** Plans a query of a command on one collection. */
export function queryOf(
  context: CommandContext,
  state: CollectionState | undefined,
  query: {
    readonly filter: Doc;
    readonly sort?: Doc | undefined;
    readonly hint?: Value | undefined;
    readonly collation?: Value | undefined;
    readonly limit?: number;
  },
): PreparedQuery {
  return prepareQuery(state, {
    filter: query.filter,
    sort: query.sort ?? null,
    hint: resolveHint(state, query.hint),
    collation: collationOf(state, query.collation),
    limit: query.limit ?? Infinity,
    let: variablesOf(context),
    now: new Date(context.server.now()),
    get deadline() {
      return context.deadline;
    },
  });
}

/** The variables a command defines with `let`, their expressions evaluated. */
export function variablesOf(context: CommandContext): Doc | undefined {
  const given = optionalDoc(context.args, 'let', `${context.name}.let`);
  return given === undefined ? undefined : evaluated(context, given);
}

/** Evaluates expressions that refer to no document. */
export function evaluated(context: CommandContext, expressions: Doc): Doc {
  const scope = createScope({ now: new Date(context.server.now()) });
  const result = new Doc();
  expressions.keys.forEach((key, i) => {
    const value = compileExpression(expressions.values[i] as Value, scope).run();
    if (value !== undefined) result.append(key, value);
  });
  return result;
}

/** @throws MongoError 50 when the client's time limit is over. */
export function checkDeadline({ server, deadline }: CommandContext): void {
  if (server.now() > deadline) throw new MongoError(50, 'operation exceeded time limit');
}

/** Refuses options that are asked for but not supported. */
export function refuseOptions(command: string, args: Doc, names: readonly string[]): void {
  for (const name of names) {
    const value = args.get(name);
    if (value !== undefined && value !== null && value !== false && !(value instanceof Doc && value.size === 0)) {
      throw new MongoError(238, `the option '${name}' of ${command} is not supported by the embedded server`);
    }
  }
}
