import type { Compilers } from './core.ts';

export const dateFormatting: Compilers = {};
