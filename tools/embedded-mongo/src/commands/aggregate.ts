import { Doc } from '../bson/index.ts';
import type { Command } from '../server/context.ts';
import { MongoError } from '../engine/index.ts';
export const aggregateCommand: Command = { name: 'aggregate', fields: null, transactional: true, run() { throw new MongoError(238, 'not yet'); return new Doc(); } };
