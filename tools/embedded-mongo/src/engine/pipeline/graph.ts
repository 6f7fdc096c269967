import type { StageCompiler } from './stages.ts';

export const graphStages: Readonly<Record<string, StageCompiler>> = {};
