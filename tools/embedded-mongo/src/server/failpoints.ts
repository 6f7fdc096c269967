import { Doc, isNumber, type Value } from '../bson/index.ts';
import { MongoError, numberOf } from '../engine/index.ts';

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
  readonly failure: Failure;
}

export type Failpoints = ReturnType<typeof createFailpoints>;

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
  'threadName',
  'failInternalCommands',
]);

/** Faults that tests switch on: the `failCommand` failpoint of MongoDB's test commands. */
export function createFailpoints(random: () => number = Math.random) {
  let active: FailCommand | null = null;
  let fired = 0;

  return {
    /**
     * Switches the failpoint; the answer is how often it has fired so far.
     * @throws MongoError for failpoints, modes or data that are not supported.
     */
    configure(name: string, mode: Value, data: Doc | undefined): number {
      if (name !== 'failCommand') throw new MongoError(26, `failpoint '${name}' is not supported`);
      if (mode === 'off') {
        active = null;
        return fired;
      }
      active = readFailCommand(mode, data ?? new Doc());
      return fired;
    },

    /** What happens to a command that is about to run, or null. Counts down a limited failpoint. */
    check(command: string, ns: string | null): Failure | null {
      if (active === null || !active.commands.has(command)) return null;
      if (active.namespace !== null && active.namespace !== ns) return null;
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

function readFailCommand(mode: Value, data: Doc): FailCommand {
  let times = Infinity;
  let skip = 0;
  let probability = 1;
  if (mode instanceof Doc) {
    for (const key of mode.keys) {
      const value = mode.get(key);
      if (!isNumber(value)) throw new MongoError(2, `the mode '${key}' of a failpoint has to be a number`);
      if (key === 'times') times = numberOf(value);
      else if (key === 'skip') skip = numberOf(value);
      else if (key === 'activationProbability') probability = numberOf(value);
      else throw new MongoError(2, `unknown failpoint mode '${key}'`);
    }
  } else if (mode !== 'alwaysOn') {
    throw new MongoError(2, 'the mode of a failpoint is off, alwaysOn, {times}, {skip} or {activationProbability}');
  }
  for (const key of data.keys) {
    if (!DATA_FIELDS.has(key)) throw new MongoError(2, `failCommand does not support '${key}'`);
  }
  const number = (key: string): number | null => {
    const value = data.get(key);
    return isNumber(value) ? numberOf(value) : null;
  };
  const commands = data.get('failCommands');
  const labels = data.get('errorLabels');
  const concern = data.get('writeConcernError');
  const namespace = data.get('namespace');
  return {
    times,
    skip,
    probability,
    commands: new Set(Array.isArray(commands) ? commands.filter((name) => typeof name === 'string') : []),
    namespace: typeof namespace === 'string' ? namespace : null,
    failure: {
      errorCode: number('errorCode'),
      errorLabels: Array.isArray(labels) ? labels.filter((label) => typeof label === 'string') : null,
      closeConnection: data.get('closeConnection') === true,
      blockMs: data.get('blockConnection') === true ? (number('blockTimeMS') ?? 0) : 0,
      writeConcernError: concern instanceof Doc ? concern : null,
    },
  };
}
