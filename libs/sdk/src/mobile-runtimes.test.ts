import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const libs = fileURLToPath(new URL('../../', import.meta.url));

/** What Hermes, the engine of apps on phones, and the globals of React Native lack or came to have late. */
const MISSING: Readonly<Record<string, RegExp>> = {
  'copies of arrays': /\.(?:toSorted|toReversed|toSpliced|with)\(/g,
  grouping: /\b(?:Object|Map)\.groupBy\b/g,
  'Array.fromAsync': /\bArray\.fromAsync\b/g,
  'helpers of iterators':
    /\bIterator\.from\b|\.(?:values|keys|entries)\(\)\s*\.(?:map|filter|take|drop|flatMap|reduce|toArray|forEach|some|every|find)\(/g,
  'methods of sets':
    /\.(?:union|intersection|difference|symmetricDifference|isSubsetOf|isSupersetOf|isDisjointFrom)\(/g,
  'well-formed strings': /\.(?:isWellFormed|toWellFormed)\(/g,
  'newer promises': /\bPromise\.(?:withResolvers|try)\b/g,
  structuredClone: /\bstructuredClone\b/g,
  'signals made of others': /\bAbortSignal\.(?:any|timeout)\b/g,
  'other globals': /\b(?:RegExp\.escape|Error\.isError|Temporal\.|Uint8Array\.from(?:Base64|Hex)|Math\.sumPrecise)/g,
  'explicit resources': /\b(?:await )?using \w+ =|\bSymbol\.(?:asyncDispose|dispose)\b/g,
};

/** Whatever the SDK brings along: its own sources, and the domain libraries whole. */
const SOURCES = ['sdk/src', 'domain/*/src'].flatMap((folder) =>
  globSync(`${folder}/**/*.ts`, { cwd: libs }).filter((file) => !/\.(?:test|fixture)\.ts$/.test(file)),
);

/** Names of what the text calls that phones lack, with where. */
function missingIn(file: string, text: string): string[] {
  return Object.entries(MISSING).flatMap(([what, pattern]) =>
    [...text.matchAll(pattern)].map(({ index, 0: found }) => {
      const line = text.slice(0, index).split('\n').length;
      return `${file}:${line} ${what}: ${found}`;
    }),
  );
}

describe('what the SDK runs on', () => {
  it('calls nothing that the engines of phones lack', () => {
    expect(SOURCES.length).toBeGreaterThan(50);
    expect(SOURCES).toContain('domain/pricing/src/steps.ts');
    expect(SOURCES.flatMap((file) => missingIn(file, readFileSync(libs + file, 'utf8')))).toEqual([]);
  });

  it.each([
    ['lines.toSorted(byPrice)', 'copies of arrays'],
    ['lines.with(0, line)', 'copies of arrays'],
    ['Object.groupBy(lines, byRate)', 'grouping'],
    ['prices.values().map(double)', 'helpers of iterators'],
    ['prices\n  .entries()\n  .toArray()', 'helpers of iterators'],
    ['mine.union(theirs)', 'methods of sets'],
    ['const copy = structuredClone(cart);', 'structuredClone'],
    ['Promise.withResolvers<void>()', 'newer promises'],
    ['AbortSignal.timeout(100)', 'signals made of others'],
  ])('finds %j', (text, what) => {
    expect(missingIn('here.ts', text)).toEqual([expect.stringContaining(what)]);
  });

  it.each(['Object.values(prices).map(double)', '[...lines].sort(byPrice)'])('lets %j be', (text) => {
    expect(missingIn('here.ts', text)).toEqual([]);
  });
});
