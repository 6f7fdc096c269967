import type { Figure } from './run.ts';

const HEAD = ['work', 'unit', 'embedded', 'reference', 'ratio', 'goal', ''];

/** A table for people: figures, their ratio and the goal beside them. */
export function report(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
    )
    .join('\n');
}

function rowOf(figure: Figure): string[] {
  const { work, unit, embedded, reference, goal } = figure;
  const ratio = reference === undefined ? undefined : embedded / reference;
  return [
    work,
    unit,
    number(embedded),
    reference === undefined ? '' : number(reference),
    ratio === undefined ? '' : ratio.toFixed(2),
    goal === undefined ? '' : 'most' in goal ? `≤ ${goal.most}` : `≤ ${goal.ofReference} of it`,
    reached(figure, ratio),
  ];
}

function reached({ embedded, goal }: Figure, ratio: number | undefined): string {
  if (goal === undefined) return '';
  if ('most' in goal) return embedded <= goal.most ? 'reached' : 'missed';
  if (ratio === undefined) return '';
  return ratio <= goal.ofReference ? 'reached' : 'missed';
}

const number = (value: number): string => (value >= 100 ? String(Math.round(value)) : value.toPrecision(3));
