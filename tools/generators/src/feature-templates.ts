import type { FeatureNames } from './names.ts';
import { repositoryTest, serviceTest, contractsTest } from './test-templates.ts';

/** The files of a new feature: path inside its folder, and content. It works as it is; what it does is an example. */
export function featureFiles(names: FeatureNames): Record<string, string> {
  const { plural, singular } = names;
  return {
    'package.json': packageJson(names),
    'tsconfig.json': `${JSON.stringify({ extends: '../../../tsconfig.base.json', include: ['src'] }, null, 2)}\n`,
    [`src/${plural}.contracts.ts`]: contracts(names),
    [`src/${plural}.router.ts`]: router(names),
    [`src/${singular}-service.ts`]: service(names),
    [`src/${plural}.ports.ts`]: ports(names),
    [`src/${singular}.model.ts`]: model(names),
    [`src/${singular}-repository.ts`]: repository(names),
    [`src/${plural}.events.ts`]: events(names),
    [`src/${plural}.jobs.ts`]: jobs(names),
    'src/index.ts': index(names),
    [`src/${plural}.contracts.test.ts`]: contractsTest(names),
    [`src/${singular}-service.test.ts`]: serviceTest(names),
    [`src/${singular}-repository.int.test.ts`]: repositoryTest(names),
  };
}

function packageJson({ plural }: FeatureNames): string {
  const content = {
    name: `@cartwright/feature-${plural}`,
    version: '0.1.0',
    private: true,
    type: 'module',
    exports: { '.': './src/index.ts' },
    nx: { tags: ['type:feature', `scope:${plural}`] },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function contracts({ singular, Plural, Singular }: FeatureNames): string {
  return `import { idSchema, pageInput, pageOf } from '@cartwright/api-core';
import { z } from 'zod';

/** A ${singular} as clients see it. */
export const ${camel(singular)}Schema = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.date(),
});

export const create${Singular}Input = z.strictObject({ name: z.string().trim().min(1).max(120) });
export const ${camel(singular)}ByIdInput = z.strictObject({ id: idSchema });
export const list${Plural}Input = z.strictObject(pageInput);
export const list${Plural}Output = pageOf(${camel(singular)}Schema);

export type ${Singular}Dto = z.infer<typeof ${camel(singular)}Schema>;
export type Create${Singular}Input = z.infer<typeof create${Singular}Input>;
export type List${Plural}Input = z.infer<typeof list${Plural}Input>;
`;
}

function router({ plural, singular, Plural, Singular, pluralCamel }: FeatureNames): string {
  return `import { authedProcedure, router } from '@cartwright/api-core';
import {
  create${Singular}Input,
  ${camel(singular)}ByIdInput,
  ${camel(singular)}Schema,
  list${Plural}Input,
  list${Plural}Output,
} from './${plural}.contracts.ts';
import type { ${Singular}Service } from './${singular}-service.ts';

/** \`${pluralCamel}.*\`: customers see and make their own. */
export function create${Plural}Router({ ${pluralCamel} }: { ${pluralCamel}: ${Singular}Service }) {
  return router({
    list: authedProcedure
      .input(list${Plural}Input)
      .output(list${Plural}Output)
      .query(({ ctx, input }) => ${pluralCamel}.list(ctx.principal.userId, input)),
    byId: authedProcedure
      .input(${camel(singular)}ByIdInput)
      .output(${camel(singular)}Schema)
      .query(({ ctx, input }) => ${pluralCamel}.byId(ctx.principal.userId, input.id)),
    create: authedProcedure
      .input(create${Singular}Input)
      .output(${camel(singular)}Schema)
      .mutation(({ ctx, input }) => ${pluralCamel}.create(ctx.principal.userId, input)),
  });
}
`;
}

function service({ plural, singular, Plural, Singular, pluralCamel }: FeatureNames): string {
  return `import { notFound } from '@cartwright/domain-errors';
import { decodeCursor, encodeCursor, newId, type Mongo } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { z } from 'zod';
import type { Create${Singular}Input, List${Plural}Input, ${Singular}Dto } from './${plural}.contracts.ts';
import { ${camel(singular)}Created } from './${plural}.events.ts';
import type { OwnersPort } from './${plural}.ports.ts';
import type { ${Singular}Doc } from './${singular}.model.ts';
import type { ${Singular}Repository } from './${singular}-repository.ts';

const cursorSchema = z.strictObject({ id: z.string().max(64) });

/** Use cases of ${plural}. Somebody else's ${singular} is not found. */
export function create${Singular}Service({
  mongo,
  ${pluralCamel},
  owners,
  outbox,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  ${pluralCamel}: ${Singular}Repository;
  owners: OwnersPort;
  outbox: Pick<Outbox, 'append'>;
  clock: () => Date;
}) {
  return {
    /** A page of a customer's own, newest first. Throws CURSOR_INVALID. */
    async list(ownerId: string, input: List${Plural}Input): Promise<{ items: ${Singular}Dto[]; nextCursor: string | null }> {
      const after = input.cursor === undefined ? undefined : decodeCursor(input.cursor, cursorSchema).id;
      const docs = await ${pluralCamel}.page(ownerId, { limit: input.limit + 1, after });
      const page = docs.slice(0, input.limit);
      const last = page.at(-1);
      return {
        items: page.map(to${Singular}),
        nextCursor: docs.length > input.limit && last ? encodeCursor({ id: last._id }) : null,
      };
    },

    /** Throws NOT_FOUND. */
    async byId(ownerId: string, id: string): Promise<${Singular}Dto> {
      const doc = await ${pluralCamel}.byId(id);
      if (doc?.ownerId !== ownerId) throw notFound('${singular}');
      return to${Singular}(doc);
    },

    /** Throws NOT_FOUND for an unknown owner. */
    async create(ownerId: string, input: Create${Singular}Input): Promise<${Singular}Dto> {
      if (!(await owners.exists(ownerId))) throw notFound('owner');
      const doc: ${Singular}Doc = { _id: newId(), ownerId, name: input.name, createdAt: clock() };
      await mongo.transaction(async (tx) => {
        await ${pluralCamel}.insert(doc, tx);
        const payload = { id: doc._id, ownerId };
        await outbox.append(tx, [
          { event: ${camel(singular)}Created, aggregateId: doc._id, aggregateVersion: 1, payload, occurredAt: doc.createdAt },
        ]);
      });
      return to${Singular}(doc);
    },

    /** Removes what is older than that; returns how many. Doing it twice does no harm. */
    removeOlderThan: (time: Date): Promise<number> => ${pluralCamel}.removeOlderThan(time),
  };
}

export type ${Singular}Service = ReturnType<typeof create${Singular}Service>;

function to${Singular}(doc: ${Singular}Doc): ${Singular}Dto {
  return { id: doc._id, name: doc.name, createdAt: doc.createdAt };
}
`;
}

function ports({ plural }: FeatureNames): string {
  return `/** What ${plural} need of accounts; filled in composition. */
export interface OwnersPort {
  exists(userId: string): Promise<boolean>;
}
`;
}

function model({ plural, singular, Singular, pluralCamel }: FeatureNames): string {
  return `import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

export interface ${Singular}Doc {
  _id: string;
  ownerId: string;
  name: string;
  createdAt: Date;
}

export type ${Singular}Model = Model<${Singular}Doc>;

const ${camel(singular)}Schema = new Schema<${Singular}Doc>(
  {
    _id: { type: String, required: true },
    ownerId: { type: String, required: true },
    name: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { ...schemaOptions, collection: '${pluralCamel}' },
);
${camel(singular)}Schema.index({ ownerId: 1, _id: -1 });

/** Binds the collection of ${plural} to a connection. */
export const create${Singular}Model = (connection: Connection): ${Singular}Model =>
  connection.model<${Singular}Doc>('${Singular}', ${camel(singular)}Schema);
`;
}

function repository({ plural, singular, Singular, pluralCamel }: FeatureNames): string {
  return `import { sessionOf, type Tx } from '@cartwright/platform-mongo';
import type { ${Singular}Doc, ${Singular}Model } from './${singular}.model.ts';

/** Reads and writes ${plural}. */
export function create${Singular}Repository({ ${pluralCamel} }: { ${pluralCamel}: ${Singular}Model }) {
  return {
    byId: (id: string): Promise<${Singular}Doc | null> => ${pluralCamel}.findById(id).lean<${Singular}Doc>(),

    /** Newest first; \`after\` is the id of the last one of the page before. */
    page: (ownerId: string, { limit, after }: { limit: number; after?: string | undefined }): Promise<${Singular}Doc[]> =>
      ${pluralCamel}
        .find(after === undefined ? { ownerId } : { ownerId, _id: { $lt: after } })
        .sort({ _id: -1 })
        .limit(limit)
        .lean<${Singular}Doc[]>(),

    async insert(doc: ${Singular}Doc, tx: Tx): Promise<void> {
      const session = sessionOf(tx);
      await ${pluralCamel}.insertMany([doc], session ? { session } : {});
    },

    async removeOlderThan(time: Date): Promise<number> {
      const { deletedCount } = await ${pluralCamel}.deleteMany({ createdAt: { $lt: time } });
      return deletedCount;
    },
  };
}

export type ${Singular}Repository = ReturnType<typeof create${Singular}Repository>;
`;
}

function events({ singular }: FeatureNames): string {
  return `import { defineEvent } from '@cartwright/platform-outbox';
import { z } from 'zod';

/** A customer made a ${singular}. */
export const ${camel(singular)}Created = defineEvent({
  type: '${singular}.created',
  version: 1,
  payload: z.strictObject({ id: z.string(), ownerId: z.string() }),
});
`;
}

function jobs({ plural, Plural, singular, Singular, pluralCamel }: FeatureNames): string {
  return `import { defineJob } from '@cartwright/platform-queue';
import { z } from 'zod';
import type { ${Singular}Service } from './${singular}-service.ts';

/** Removes old ${plural}. */
export const removeOld${Plural}Job = defineJob({
  queue: 'maintenance',
  name: '${plural}.remove-old',
  payload: z.strictObject({ olderThan: z.coerce.date() }),
  attempts: 5,
  backoffMs: 1_000,
  key: ({ olderThan }) => olderThan.toISOString().slice(0, 10),
});

/** The processors of these jobs, for the catalog in composition. */
export function create${Plural}Processors({ ${pluralCamel} }: { ${pluralCamel}: Pick<${Singular}Service, 'removeOlderThan'> }) {
  return {
    '${plural}.remove-old': async ({ olderThan }: { olderThan: Date }): Promise<void> => {
      await ${pluralCamel}.removeOlderThan(olderThan);
    },
  };
}
`;
}

function index({ plural, singular, Plural, Singular }: FeatureNames): string {
  return `export * from './${plural}.contracts.ts';
export { ${camel(singular)}Created } from './${plural}.events.ts';
export { create${Plural}Processors, removeOld${Plural}Job } from './${plural}.jobs.ts';
export type { OwnersPort } from './${plural}.ports.ts';
export { create${Plural}Router } from './${plural}.router.ts';
export { create${Singular}Model } from './${singular}.model.ts';
export { create${Singular}Repository } from './${singular}-repository.ts';
export { create${Singular}Service } from './${singular}-service.ts';
export type { ${Singular}Service } from './${singular}-service.ts';
`;
}

function camel(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
