export { parseOptions } from './options.ts';
export type { Options, ScenarioName } from './options.ts';
export type { Measurement } from './measurement.ts';
export type { Report } from './report.ts';
export { runBench } from './run.ts';
