import { Doc, Double, Long, ObjectId, Timestamp } from '../bson/index.ts';
import { MongoError } from '../engine/index.ts';
import type { Command, CommandContext, ServerContext } from '../server/context.ts';
import { MAX_DOCUMENT_BYTES, MAX_MESSAGE_BYTES } from '../wire/messages.ts';
import { isTruthy, optionalDoc, optionalString } from './args.ts';

export const SET_NAME = 'cartwright';
/** The release whose behaviour is followed. */
export const SERVER_VERSION = '8.0.4';
/** Wire version of MongoDB 8.0. */
const MAX_WIRE_VERSION = 25;

const ELECTION = new ObjectId('7fffffff0000000000000001');

function helloReply(server: ServerContext, connectionId: number, legacyName: boolean): Doc {
  const written = new Date(server.now());
  return Doc.of(
    [legacyName ? 'ismaster' : 'isWritablePrimary', true],
    ['helloOk', true],
    ['hosts', [server.address]],
    ['setName', SET_NAME],
    ['setVersion', 1],
    ['secondary', false],
    ['primary', server.address],
    ['me', server.address],
    ['electionId', ELECTION],
    ['lastWrite', Doc.of(['lastWriteDate', written], ['majorityWriteDate', written])],
    ['maxBsonObjectSize', MAX_DOCUMENT_BYTES],
    ['maxMessageSizeBytes', MAX_MESSAGE_BYTES],
    ['maxWriteBatchSize', 100000],
    ['localTime', written],
    ['logicalSessionTimeoutMinutes', 30],
    ['connectionId', connectionId],
    ['minWireVersion', 0],
    ['maxWireVersion', MAX_WIRE_VERSION],
    ['readOnly', false],
  );
}

/** `hello` takes anything: drivers send their metadata, compressors and user names with it. */
function hello(name: string, legacyName: boolean): Command {
  return {
    name: 'hello',
    fields: null,
    run: ({ server, connectionId, args }) => {
      // No topologyVersion is offered, so a driver has no reason to ask for awaited answers.
      for (const option of ['topologyVersion', 'maxAwaitTimeMS', 'loadBalanced']) {
        if (isTruthy(args.get(option))) throw new MongoError(238, `${name} with ${option} is not supported`);
      }
      const client = server.clients.get(connectionId);
      if (client !== undefined) client.appName ??= appNameOf(args);
      return helloReply(server, connectionId, legacyName);
    },
  };
}

function appNameOf(args: Doc): string | null {
  const application = optionalDoc(
    optionalDoc(args, 'client', 'client') ?? new Doc(),
    'application',
    'client.application',
  );
  return optionalString(application ?? new Doc(), 'name', 'client.application.name') ?? null;
}

const plain = (name: string, fields: readonly string[], run: Command['run']): Command => ({
  name,
  fields: new Set(fields),
  run,
});

export const handshakeCommands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['hello', hello('hello', false)],
  ['isMaster', hello('isMaster', true)],
  ['ismaster', hello('ismaster', true)],
  ['ping', plain('ping', [], () => new Doc())],
  ['buildInfo', plain('buildInfo', [], buildInfo)],
  ['buildinfo', plain('buildinfo', [], buildInfo)],
  ['connectionStatus', plain('connectionStatus', ['showPrivileges'], connectionStatus)],
  ['whatsmyuri', plain('whatsmyuri', [], peerAddress)],
  ['getCmdLineOpts', plain('getCmdLineOpts', [], () => Doc.of(['argv', ['cartwright-mongo']], ['parsed', new Doc()]))],
  ['hostInfo', plain('hostInfo', [], ({ server }) => Doc.of(['system', Doc.of(['hostname', server.address])]))],
  ['replSetGetStatus', { ...plain('replSetGetStatus', [], replicaStatus), adminOnly: true }],
]);

function buildInfo(): Doc {
  return Doc.of(
    ['version', SERVER_VERSION],
    ['gitVersion', 'cartwright'],
    ['modules', ['cartwright-embedded']],
    ['versionArray', SERVER_VERSION.split('.').map(Number).concat(0)],
    ['bits', 64],
    ['debug', false],
    ['maxBsonObjectSize', MAX_DOCUMENT_BYTES],
    ['storageEngines', ['cartwright']],
  );
}

/** Nobody signs in, so there are no users, roles or privileges to tell of. */
function connectionStatus({ args }: CommandContext): Doc {
  const info = Doc.of(['authenticatedUsers', []], ['authenticatedUserRoles', []]);
  if (isTruthy(args.get('showPrivileges'))) info.append('authenticatedUserPrivileges', []);
  return Doc.of(['authInfo', info]);
}

function peerAddress({ server, connectionId }: CommandContext): Doc {
  return Doc.of(['you', server.clients.get(connectionId)?.address ?? '']);
}

function replicaStatus({ server }: CommandContext): Doc {
  const time = server.clock.now();
  const member = Doc.of(
    ['_id', 0],
    ['name', server.address],
    ['health', new Double(1)],
    ['state', 1],
    ['stateStr', 'PRIMARY'],
    ['uptime', Math.floor((server.now() - server.startedAt) / 1000)],
    ['optime', Doc.of(['ts', new Timestamp(time)], ['t', Long.ONE])],
    ['self', true],
  );
  return Doc.of(
    ['set', SET_NAME],
    ['date', new Date(server.now())],
    ['myState', 1],
    ['term', Long.ONE],
    ['members', [member]],
  );
}
