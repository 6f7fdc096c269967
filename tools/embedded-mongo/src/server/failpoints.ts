import { Doc, isNumber, typeName, type Value } from '../bson/index.ts';
import { MongoError, numberOf } from '../engine/index.ts';
import { optionalArray, optionalBoolean, optionalCount, optionalDoc, optionalString } from '../commands/args.ts';

/** What an active failpoint does to a command. */
export interface Failure {
  readonly errorCode: number | null;
  readonly errorLabels: readonly string[] | null;
  readonly closeConnection: boolean;
  /** Milliseconds to wait before the command goes on. */
  readonly blockMs: number;
  /** The command runs, but its answer carries this. */
  readonly writeConcernError: Doc | null;
}

interface FailCommand {
  skip: number;
  times: number;
  readonly probability: number;
  readonly commands: ReadonlySet<string>;
  readonly namespace: string | null;
  readonly appName: string | null;
  readonly failure: Failure;
}

/** What a failpoint looks at in a command. */
interface Call {
  /** The name it was sent under, which may be another one of the command's. */
  readonly name: string;
  readonly command: { readonly name: string };
  readonly db: string;
  readonly args: Doc;
}

export type Failpoints = ReturnType<typeof createFailpoints>;

const FAILED_TO_PARSE = 9;

const DATA_FIELDS = new Set([
  'failCommands',
  'errorCode',
  'errorLabels',
  'closeConnection',
  'blockConnection',
  'blockTimeMS',
  'writeConcernError',
  'namespace',
  'appName',
]);

/** Faults that tests switch on: the `failCommand` failpoint of MongoDB's test commands. */
export function createFailpoints(random: () => number = Math.random) {
  let active: FailCommand | null = null;
  let fired = 0;

  return {
    /**
     * Switches the failpoint; the answer is how often it has fired so far.
     * @throws MongoError 2, 9, 14, 26 for failpoints, modes or data that are not supported.
     */
    configure(name: string, mode: Value, data: Doc): number {
      if (name !== 'failCommand') throw new MongoError(26, `failpoint '${name}' is not supported`);
      active = mode === 'off' ? null : readFailCommand(mode, data);
      return fired;
    },

    /** What happens to a command that is about to run, or null. Counts down a limited failpoint. */
    check(call: Call, appName: string | null): Failure | null {
      if (active === null || !concerns(active, call, appName)) return null;
      if (active.probability < 1 && random() >= active.probability) return null;
      if (active.skip > 0) {
        active.skip -= 1;
        return null;
      }
      if (active.times <= 0) return null;
      active.times -= 1;
      fired += 1;
      return active.failure;
    },
  };
}

function concerns({ commands, namespace, appName }: FailCommand, call: Call, caller: string | null): boolean {
  // It must always be possible to switch the failpoint off again.
  if (call.command.name === 'configureFailPoint') return false;
  if (!commands.has(call.name) && !commands.has(call.command.name)) return false;
  if (appName !== null && appName !== caller) return false;
  const first = call.args.values[0];
  return namespace === null || (typeof first === 'string' && namespace === `${call.db}.${first}`);
}

function readMode(mode: Value): Pick<FailCommand, 'skip' | 'times' | 'probability'> {
  const read = { skip: 0, times: Infinity, probability: 1 };
  if (mode === 'alwaysOn') return read;
  if (!(mode instanceof Doc)) {
    throw new MongoError(
      FAILED_TO_PARSE,
      'the mode of a failpoint is off, alwaysOn, {times}, {skip} or {activationProbability}',
    );
  }
  for (const key of mode.keys) {
    const value = mode.get(key);
    const number = isNumber(value) ? numberOf(value) : NaN;
    if (!(number >= 0))
      throw new MongoError(2, `the mode '${key}' of a failpoint has to be a number that is not negative`);
    if (key === 'times') read.times = number;
    else if (key === 'skip') read.skip = number;
    else if (key === 'activationProbability') read.probability = number;
    else throw new MongoError(2, `unknown failpoint mode '${key}'`);
  }
  return read;
}

function readFailCommand(mode: Value, data: Doc): FailCommand {
  const unknown = data.keys.find((key) => !DATA_FIELDS.has(key));
  if (unknown !== undefined) throw new MongoError(2, `failCommand does not support '${unknown}'`);
  const commands = names(data, 'failCommands');
  if (commands === null || commands.length === 0) throw new MongoError(2, "failCommand needs 'failCommands'");
  const blocks = optionalBoolean(data, 'blockConnection', 'data.blockConnection') === true;
  const blockMs = optionalCount(data, 'blockTimeMS', 'data.blockTimeMS');
  if (blocks !== (blockMs !== undefined)) {
    throw new MongoError(72, "'blockConnection' and 'blockTimeMS' go together");
  }
  return {
    ...readMode(mode),
    commands: new Set(commands),
    namespace: optionalString(data, 'namespace', 'data.namespace') ?? null,
    appName: optionalString(data, 'appName', 'data.appName') ?? null,
    failure: {
      errorCode: optionalCount(data, 'errorCode', 'data.errorCode') ?? null,
      errorLabels: names(data, 'errorLabels'),
      closeConnection: optionalBoolean(data, 'closeConnection', 'data.closeConnection') === true,
      blockMs: blockMs ?? 0,
      writeConcernError: optionalDoc(data, 'writeConcernError', 'data.writeConcernError') ?? null,
    },
  };
}

function names(data: Doc, key: string): string[] | null {
  const list = optionalArray(data, key, `data.${key}`);
  if (list === undefined) return null;
  return list.map((name) => {
    if (typeof name === 'string') return name;
    throw new MongoError(14, `BSON field 'data.${key}' has to hold strings, not ${typeName(name)}`);
  });
}
