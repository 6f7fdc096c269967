import { arch, cpus, totalmem } from 'node:os';
import type { Measurement } from './measurement.ts';
import type { Options } from './options.ts';

export interface Report {
  readonly startedAt: string;
  readonly machine: { cpus: number; model: string; memoryGigabytes: number; arch: string; node: string };
  readonly options: Pick<Options, 'duration' | 'warmUp' | 'connections' | 'customers'> & { products: number };
  readonly measurements: readonly Measurement[];
}

export const machine = (): Report['machine'] => ({
  cpus: cpus().length,
  model: cpus()[0]?.model ?? 'unknown',
  memoryGigabytes: Math.round(totalmem() / 1_073_741_824),
  arch: arch(),
  node: process.version,
});

const fixed = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

function row(measurement: Measurement, limit: Measurement | undefined): string[] {
  const { scenario, connections, perSecond, p50, p99, cpuSecondsPerThousand, processes, errors } = measurement;
  const byProcess = Object.entries(processes)
    .filter(([, cost]) => cost.cpuSecondsPerThousand >= 0.005)
    .map(([name, cost]) => `${name} ${fixed(cost.cpuSecondsPerThousand)}`);
  const memory = Object.entries(processes).map(([name, cost]) => `${name} ${cost.rssMegabytes.toFixed(0)}`);
  return [
    scenario,
    String(connections),
    fixed(perSecond),
    fixed(p50),
    fixed(p99),
    fixed(cpuSecondsPerThousand),
    byProcess.join(' '),
    memory.join(' '),
    limit ? `${fixed(limit.perSecond)} (${((perSecond / limit.perSecond) * 100).toFixed(0)} %)` : '',
    errors === 0 ? '' : String(errors),
  ];
}

const HEADINGS = [
  'scenario',
  'conn',
  'req/s',
  'p50 ms',
  'p99 ms',
  'CPU-s/1000',
  'by process',
  'RSS MB',
  'limit req/s',
  'errors',
];

/** The results as a table; a run in which something failed says so below it. */
export function formatTable(measurements: readonly Measurement[]): string {
  const shop = measurements.filter(({ target }) => target === 'shop');
  const rows = shop.map((measurement) =>
    row(
      measurement,
      measurements.find(
        ({ target, scenario, connections }) =>
          target === 'limit' && scenario === measurement.scenario && connections === measurement.connections,
      ),
    ),
  );
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const isNumber = (column: number): boolean => column > 0 && column < 6;
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  const failures = measurements
    .filter(({ errors }) => errors > 0)
    .map(
      ({ scenario, target, connections, errors, firstError }) =>
        `! ${scenario} (${target}) at ${connections}: ${errors} calls failed, the first with ${firstError ?? 'no answer'}`,
    );
  const verdict =
    failures.length > 0 ? ['', 'This run has errors; its figures are not to be trusted:', ...failures] : [];
  return [line(HEADINGS), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line), ...verdict].join('\n');
}
