import type { StudyState } from '../study/index.js';
import type { Colors } from './colors.js';
import { formatNumber } from './format.js';
import { familyTrees, type Life } from './lives.js';

/** Lives that are drawn one and all; where there are more, only those that led to a trial which is still there. */
const mostDrawn = 60;

/**
 * Who was copied from whom, as trees: one line for each life, under the one it was copied from, with its generations (counted
 * from 1, both included) and the last value it reached.
 */
export function renderFamilyTree(state: StudyState, colors: Colors): string[] {
  const roots = familyTrees(state);
  const count = roots.reduce((sum, root) => sum + size(root), 0);
  const isDrawn = count <= mostDrawn ? () => true : hasSurvivor;
  const { metric } = state.settings.objective;
  const best = state.best;
  const isBest = ({ trial, from, to }: Life) =>
    trial === best?.trial && from <= best.generation && best.generation <= to;

  const describe = (life: Life): string => {
    const last = life.segments.at(-1);
    const value =
      last === undefined ? '' : last.outcome === 'done' ? formatNumber(last.metrics[metric]!) : last.outcome;
    const line = [`trial ${life.trial}`, generations(life), value].filter((part) => part !== '').join('  ');
    if (isBest(life)) return colors.green(`${line}  best`);
    return life.survives ? line : colors.dim(line);
  };
  const draw = (life: Life, indent: string): string[] => {
    const children = life.children.filter(isDrawn);
    return children.flatMap((child, index) => {
      const isLast = index === children.length - 1;
      return [
        `${indent}${isLast ? '└─ ' : '├─ '}${describe(child)}`,
        ...draw(child, indent + (isLast ? '   ' : '│  ')),
      ];
    });
  };
  const lines = roots.filter(isDrawn).flatMap((root) => [describe(root), ...draw(root, '')]);
  const left = count - lines.length;
  return left === 0 ? lines : [...lines, colors.dim(`… and ${left} that left nobody`)];
}

function generations({ from, to }: Life): string {
  if (to < from) return '';
  return from === to ? `generation ${from + 1}` : `generations ${from + 1}–${to + 1}`;
}

function size(life: Life): number {
  return life.children.reduce((sum, child) => sum + size(child), 1);
}

function hasSurvivor(life: Life): boolean {
  return life.survives || life.children.some(hasSurvivor);
}
