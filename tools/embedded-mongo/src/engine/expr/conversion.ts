import type { Compilers } from './core.ts';

export const conversion: Compilers = {};
