import type { StageCompiler } from './stages.ts';

export const fillStages: Readonly<Record<string, StageCompiler>> = {};
