import { z } from 'zod';

/** Half of a character, control characters, and marks that turn the text around. */
const UNSHOWABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u202A-\u202E\u2066-\u2069]/;
const LINE_BREAK = /[\t\n\r\u2028\u2029]/;
/** Names of members that objects have already. */
const RESERVED_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

const isShowable = (text: string): boolean => text.isWellFormed() && !UNSHOWABLE.test(text);

/** Text of several lines, 0 to `max` characters. */
export const proseSchema = (max: number) =>
  z.string().trim().max(max).refine(isShowable, 'Characters that can not be shown');

/** Text of one line, 1 to `max` characters. */
export const lineSchema = (max: number) =>
  proseSchema(max)
    .min(1)
    .refine((text) => !LINE_BREAK.test(text), 'One line only');

/** A name that values are kept by. */
export const nameSchema = (max: number) =>
  lineSchema(max).refine((name) => !RESERVED_NAMES.has(name), 'This name can not be used');
