import { Doc, isRegExp } from '../../bson/index.ts';
import type { MaybeValue } from '../../bson/index.ts';
import { MongoError } from '../errors.ts';
import { compileRegex } from '../filter/regex.ts';
import { expression, nullish } from './core.ts';
import type { Compiler, Compilers } from './core.ts';
import { compileNamed, namedArguments } from './named.ts';

function compilePattern(operator: string, regex: MaybeValue, options: MaybeValue): RegExp | undefined {
  if (!nullish(options) && typeof options !== 'string')
    throw new MongoError(51106, `${operator} needs 'options' to be of type string`);
  if (nullish(regex)) return undefined;
  let pattern: string;
  let flags = typeof options === 'string' ? options : '';
  if (isRegExp(regex)) {
    if (regex.options !== '' && !nullish(options)) {
      throw new MongoError(51107, `${operator}: found regex option(s) specified in both 'regex' and 'option' fields`);
    }
    pattern = regex.pattern;
    flags ||= regex.options;
  } else if (typeof regex === 'string') {
    pattern = regex;
  } else {
    throw new MongoError(51105, `${operator} needs 'regex' to be of type string or regex`);
  }
  try {
    return compileRegex(pattern, flags, operator, 'g');
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    if (error.code === 51108) throw new MongoError(51108, `${operator}${error.message}`);
    throw new MongoError(
      51111,
      `Invalid Regex in ${operator}: ${error.message.replace('Regular expression is invalid: ', '')}`,
    );
  }
}

function matching(operator: string, none: MaybeValue, apply: (text: string, pattern: RegExp) => MaybeValue): Compiler {
  return (argument, scope) => {
    const given = namedArguments(argument, {
      operator,
      required: {
        input: [31022, `${operator} requires 'input' parameter`],
        regex: [31023, `${operator} requires 'regex' parameter`],
      },
      optional: ['options'],
      notObject: () => [51103, `${operator} expects an object of named arguments but found: ${typeof argument}`],
      unknown: (name) => [31024, `${operator} found an unknown argument: ${name}`],
    });
    const { input, regex, options } = compileNamed(given, ['input', 'regex', 'options'], scope);
    const optionsConstant = options?.constant ?? true;
    let fixed: RegExp | undefined;
    const pattern = (): RegExp | undefined => {
      if (fixed) return fixed;
      const compiled = compilePattern(operator, regex!.run(), options?.run());
      if (regex!.constant && optionsConstant) fixed = compiled;
      return compiled;
    };
    // A constant pattern is checked at once, whatever the input is.
    if (regex!.constant && optionsConstant) expression([regex!], scope, () => (pattern(), null));
    return expression([input!, regex!, ...(options ? [options] : [])], scope, () => {
      const text = input!.run();
      const compiled = pattern();
      if (!nullish(text) && typeof text !== 'string')
        throw new MongoError(51104, `${operator} needs 'input' to be of type string`);
      if (nullish(text) || !compiled) return none;
      compiled.lastIndex = 0;
      return apply(text, compiled);
    });
  };
}

function describe(text: string, match: RegExpExecArray): Doc {
  return Doc.of(
    ['match', match[0]],
    ['idx', [...text.slice(0, match.index)].length],
    ['captures', match.slice(1).map((capture: string | undefined) => capture ?? null)],
  );
}

function findAll(text: string, pattern: RegExp): Doc[] {
  const found: Doc[] = [];
  for (const match of text.matchAll(pattern)) {
    // An empty match at the very end is none.
    if (match[0] === '' && match.index === text.length && text !== '') break;
    found.push(describe(text, match as RegExpExecArray));
  }
  return found;
}

export const regexes: Compilers = {
  $regexMatch: matching('$regexMatch', false, (text, pattern) => pattern.test(text)),
  $regexFind: matching('$regexFind', null, (text, pattern) => {
    const match = pattern.exec(text);
    return match ? describe(text, match) : null;
  }),
  $regexFindAll: matching('$regexFindAll', [], findAll),
};
