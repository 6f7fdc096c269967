import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generateFeature } from './generate-feature.ts';
import { NameError } from './names.ts';

const USAGE = `Usage: npm run generate -- feature NAME [--after FEATURE] [--singular NAME]

  NAME              the feature in the plural, in kebab-case: gift-cards
  --after FEATURE   its place in the order of features; it may import that one and those before it
  --singular NAME   one of them, when taking the plural's ending away does not give it`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { after: { type: 'string' }, singular: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  const [kind, name, ...rest] = positionals;
  if (values.help === true || kind !== 'feature' || name === undefined || rest.length > 0) {
    console.log(USAGE);
    return values.help === true ? 0 : 1;
  }
  const root = path.resolve(fileURLToPath(new URL('.', import.meta.url)), '..', '..', '..');
  const { files, nextSteps } = await generateFeature({ root, name, singular: values.singular, after: values.after });
  console.log(`Wrote\n${files.map((file) => `  ${file}`).join('\n')}\n\nNext`);
  nextSteps.forEach((step, index) => console.log(`  ${index + 1}. ${step}`));
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const expected = error instanceof NameError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  if (!expected) throw error;
  console.error((error as Error).message);
  process.exitCode = 1;
}
