import { tokenize } from '@cartwright/feature-catalog';

/** A piece of text: from the UTF-16 unit `start` up to and without `end`, as `slice` takes them. */
export type TextRange = [start: number, end: number];

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/**
 * Where the words that a search found stand in a text: ranges rather than marked-up text, so that whoever shows them
 * escapes nothing and forgets nothing. `prefix` is what was typed of a word, of which its beginning is marked.
 */
export function rangesOf(
  text: string,
  { words, prefix }: { words: ReadonlySet<string>; prefix?: string },
): TextRange[] {
  const ranges: TextRange[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const plain = tokenize(word);
    const begins = prefix !== undefined && plain[0]?.startsWith(prefix) === true;
    // With accents taken apart, letters of what was typed and letters of the text may not count alike.
    if (begins && plain[0]?.length === word.length) ranges.push([index, index + prefix.length]);
    else if (begins || plain.some((each) => words.has(each))) ranges.push([index, index + word.length]);
  }
  return ranges;
}
