import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as prettier from 'prettier';
import { featureFiles } from './feature-templates.ts';
import { featureNames, NameError } from './names.ts';

const ORDER_FILE = path.join('tools', 'generators', 'src', 'feature-order.json');

/**
 * Writes a new feature: its files with passing tests, its place in the order of features, and its link among the
 * installed packages.
 * @param after the feature it comes right behind, and so may import; by default it comes last
 * @returns the written files, relative to the root, and what to do next
 * @throws NameError for a bad name, an existing feature or an unknown `after`
 */
export async function generateFeature({
  root,
  name,
  singular,
  after,
}: {
  root: string;
  name: string;
  singular?: string | undefined;
  after?: string | undefined;
}): Promise<{ files: string[]; nextSteps: string[] }> {
  const names = featureNames(name, singular);
  const folder = path.join('libs', 'features', names.plural);
  if (existsSync(path.join(root, folder))) throw new NameError(`The feature ${names.plural} exists already: ${folder}`);
  const order = JSON.parse(readFileSync(path.join(root, ORDER_FILE), 'utf8')) as string[];
  if (after !== undefined && !order.includes(after)) {
    throw new NameError(`There is no feature "${after}"; in order they are ${order.join(', ')}.`);
  }

  const config = (await prettier.resolveConfig(path.join(root, 'package.json'))) ?? {};
  const files: string[] = [];
  for (const [file, content] of Object.entries(featureFiles(names))) {
    const relative = path.join(folder, file);
    const full = path.join(root, relative);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, await prettier.format(content, { ...config, filepath: full }));
    files.push(relative);
  }

  if (!order.includes(names.plural)) {
    order.splice(after === undefined ? order.length : order.indexOf(after) + 1, 0, names.plural);
    writeFileSync(path.join(root, ORDER_FILE), `${JSON.stringify(order, null, 2)}\n`);
    files.push(ORDER_FILE);
  }
  linkPackage(root, `@cartwright/feature-${names.plural}`, folder);

  const { pluralCamel, Plural, Singular } = names;
  return {
    files,
    nextSteps: [
      `Say what it is about: src/${names.plural}.contracts.ts and src/${names.singular}-service.ts.`,
      `Fill its ports in libs/composition: create${Singular}Service({ mongo, ${pluralCamel}, owners, outbox, clock }).`,
      `Add its router to libs/app-router: ${pluralCamel}: create${Plural}Router(services).`,
      `Add removeOld${Plural}Job and create${Plural}Processors to the job catalog of libs/composition.`,
      `Check its place in ${ORDER_FILE}: it may import the features before it.`,
      'Run `npm install` once so that package-lock.json knows it.',
      `Test it: npm test -- ${folder}`,
    ],
  };
}

/** What `npm install` would do for a new workspace, so that the feature can be imported at once. */
function linkPackage(root: string, name: string, folder: string): void {
  const link = path.join(root, 'node_modules', name);
  if (!existsSync(path.dirname(link))) return;
  try {
    lstatSync(link);
  } catch {
    symlinkSync(path.relative(path.dirname(link), path.join(root, folder)), link);
  }
}
