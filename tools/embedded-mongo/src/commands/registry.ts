import type { Command } from '../server/context.ts';
import { aggregateCommand } from './aggregate.ts';
import { bulkWriteCommand } from './bulk-write.ts';
import { collectionCommands } from './collections.ts';
import { countCommand, distinctCommand } from './count-distinct.ts';
import { deleteCommand } from './delete.ts';
import { explainCommand } from './explain.ts';
import { findAndModifyCommand } from './find-and-modify.ts';
import { findCommand } from './find.ts';
import { handshakeCommands } from './handshake.ts';
import { indexCommands } from './indexes.ts';
import { insertCommand } from './insert.ts';
import { parameterCommands } from './parameters.ts';
import { sessionCommands } from './session-commands.ts';
import { statisticsCommands } from './statistics.ts';
import { updateCommand } from './update.ts';

/** All commands of the server, by every name they answer to. */
export function createCommands(): ReadonlyMap<string, Command> {
  const commands = new Map<string, Command>([...handshakeCommands, ...statisticsCommands, ...indexCommands]);
  const plain = [
    ...sessionCommands,
    ...collectionCommands,
    ...parameterCommands,
    aggregateCommand,
    bulkWriteCommand,
    countCommand,
    deleteCommand,
    distinctCommand,
    explainCommand,
    findAndModifyCommand,
    findCommand,
    insertCommand,
    updateCommand,
  ];
  for (const command of plain) commands.set(command.name, command);
  commands.set('findandmodify', findAndModifyCommand);
  return commands;
}
