import type { FeatureNames } from './names.ts';

/** Tests of the contracts: what goes in is bounded. */
export function contractsTest({ plural, Singular }: FeatureNames): string {
  return `import { describe, expect, it } from 'vitest';
import { create${Singular}Input } from './${plural}.contracts.ts';

describe('create${Singular}Input', () => {
  it('trims the name', () => {
    expect(create${Singular}Input.parse({ name: '  First  ' })).toEqual({ name: 'First' });
  });

  it.each([{}, { name: ' ' }, { name: 'x'.repeat(121) }, { name: { $ne: null } }, { name: 'x', extra: 1 }])(
    'refuses %j',
    (input) => {
      expect(create${Singular}Input.safeParse(input).success).toBe(false);
    },
  );
});
`;
}

/** Tests of the service on fakes. */
export function serviceTest({ plural, singular, Singular, pluralCamel }: FeatureNames): string {
  return `import { collectingOutbox, fakeTransactions, fixedClock } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import type { ${Singular}Doc } from './${singular}.model.ts';
import type { ${Singular}Repository } from './${singular}-repository.ts';
import { create${Singular}Service } from './${singular}-service.ts';
import { create${pascal(plural)}Processors, removeOld${pascal(plural)}Job } from './${plural}.jobs.ts';

function setUp() {
  const docs: ${Singular}Doc[] = [];
  const ${pluralCamel}: ${Singular}Repository = {
    byId: async (id) => docs.find((doc) => doc._id === id) ?? null,
    page: async (ownerId, { limit, after }) =>
      docs
        .filter((doc) => doc.ownerId === ownerId && (after === undefined || doc._id < after))
        .sort((a, b) => (a._id < b._id ? 1 : -1))
        .slice(0, limit),
    insert: async (doc) => {
      docs.push(doc);
    },
    removeOlderThan: async (time) => docs.filter((doc) => doc.createdAt < time).length,
  };
  const outbox = collectingOutbox();
  const service = create${Singular}Service({
    mongo: fakeTransactions(),
    ${pluralCamel},
    owners: { exists: async (id) => id !== 'nobody' },
    outbox,
    clock: fixedClock('2026-01-15T12:00:00.000Z'),
  });
  return { service, outbox };
}

describe('create${Singular}Service', () => {
  it('creates one and says so', async () => {
    const { service, outbox } = setUp();
    const made = await service.create('anna', { name: 'First' });
    expect(made).toEqual({ id: made.id, name: 'First', createdAt: new Date('2026-01-15T12:00:00.000Z') });
    expect(outbox.types()).toEqual(['${singular}.created']);
    expect(await service.byId('anna', made.id)).toEqual(made);
  });

  it('does not find what belongs to somebody else, nor an unknown owner', async () => {
    const { service } = setUp();
    const made = await service.create('anna', { name: 'First' });
    await expect(service.byId('ben', made.id)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    await expect(service.create('nobody', { name: 'First' })).rejects.toMatchObject({ reason: 'NOT_FOUND' });
  });

  it('pages through all of them once', async () => {
    const { service } = setUp();
    for (const name of ['a', 'b', 'c']) await service.create('anna', { name });
    const first = await service.list('anna', { limit: 2 });
    const second = await service.list('anna', { limit: 2, cursor: first.nextCursor ?? '' });
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['c', 'b', 'a']);
    expect(second.nextCursor).toBeNull();
  });
});

describe('the processors', () => {
  it('hand the time on', async () => {
    const times: Date[] = [];
    const processors = create${pascal(plural)}Processors({
      ${pluralCamel}: {
        removeOlderThan: async (time) => {
          times.push(time);
          return 0;
        },
      },
    });
    const olderThan = new Date('2026-01-01T00:00:00.000Z');
    await processors['${plural}.remove-old'](removeOld${pascal(plural)}Job.payload.parse({ olderThan: olderThan.toJSON() }));
    expect(times).toEqual([olderThan]);
  });
});
`;
}

/** Tests of the repository on a real MongoDB server. */
export function repositoryTest({ singular, Singular, pluralCamel }: FeatureNames): string {
  return `import { testMongo } from '@cartwright/testkit';
import { expect, it } from 'vitest';
import { create${Singular}Model } from './${singular}.model.ts';
import { create${Singular}Repository } from './${singular}-repository.ts';

it('writes, pages and removes', async () => {
  await using database = await testMongo();
  const ${pluralCamel} = create${Singular}Repository({ ${pluralCamel}: create${Singular}Model(database.mongo.connection) });
  const createdAt = new Date('2026-01-15T12:00:00.000Z');
  for (const _id of ['a1', 'a2', 'a3']) {
    await database.mongo.transaction((tx) => ${pluralCamel}.insert({ _id, ownerId: 'anna', name: _id, createdAt }, tx));
  }
  expect(await ${pluralCamel}.byId('a1')).toEqual({ _id: 'a1', ownerId: 'anna', name: 'a1', createdAt });
  expect((await ${pluralCamel}.page('anna', { limit: 2 })).map(({ _id }) => _id)).toEqual(['a3', 'a2']);
  expect((await ${pluralCamel}.page('anna', { limit: 2, after: 'a2' })).map(({ _id }) => _id)).toEqual(['a1']);
  expect(await ${pluralCamel}.page('ben', { limit: 2 })).toEqual([]);
  expect(await ${pluralCamel}.removeOlderThan(createdAt)).toBe(0);
  expect(await ${pluralCamel}.removeOlderThan(new Date('2026-02-01T00:00:00.000Z'))).toBe(3);
});
`;
}

function pascal(name: string): string {
  return `-${name}`.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
