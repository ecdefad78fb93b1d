/**
 * One decision of a population: selection, backtracking, exploring. What `pbt` and `pb2` have in common.
 *
 * It decides for whoever is ready: all members, where the population decides together, or one, which is then judged against the
 * last results of the others. Trials that never reported are not among the members, and nobody waits for them.
 */
import { foldIn, type Key, pick } from '../random/index.js';
import type { Hyperparameters } from '../space/index.js';
import { backtrackTargets } from './backtracking.js';
import type { Copy } from './explore.js';
import type { PopulationOptions } from './population-options.js';
import { isHealthy, rank } from './ranking.js';
import type { DecideInput, Decision, HistoryEntry, MemberReport } from './scheduler.js';
import { quantileCount, type SelectionOptions, selection } from './selection.js';

/** A member that becomes a copy. */
export interface Replaced {
  readonly trial: number;
  /** What it had before. */
  readonly own: Hyperparameters;
  readonly parent: number;
  /** Where it goes back to an older checkpoint. */
  readonly parentGeneration?: number;
  /** Those of the state that it becomes a copy of. */
  readonly hyperparameters: Hyperparameters;
  readonly steps: number;
  readonly score: number;
  /** For exploring: the copy's own. */
  readonly key: Key;
}

/** Explores all copies of a decision, given by trial number; one result each, in the same order. */
export type Explorer = (input: DecideInput, replaced: readonly Replaced[]) => readonly Copy[];

const reason = 'no member has a score, so there is none to copy';

/** One decision for each trial in `ready` that has reported, by trial number. */
export function decidePopulation(options: PopulationOptions, input: DecideInput, explorer: Explorer): Decision[] {
  const choices = choose(options, input);
  const replaced = choices.filter((choice): choice is Replaced => 'own' in choice);
  const copies = explorer(input, replaced);
  let next = 0;
  return choices.map((choice): Decision => {
    if (!('own' in choice)) return choice;
    const { trial, parent, parentGeneration } = choice;
    const { hyperparameters, changes } = copies[next++]!;
    const decision = { kind: 'exploit' as const, trial, parent, hyperparameters, changes };
    return parentGeneration === undefined ? decision : { ...decision, parentGeneration };
  });
}

/** Who is replaced by whom, by trial number. */
function choose(options: PopulationOptions, input: DecideInput): (Decision | Replaced)[] {
  const ranking = rank(input.members);
  const { ranked, byTrial, ranks } = ranking;
  const select = selection(selectionOptions(options), ranking);
  const targets = backtrackTargets(input, options);
  const bottom = ranked.length - quantileCount(options.quantile, ranked.length);
  const isReady = readiness(byTrial, input.ready);
  const key = foldIn(input.key, 'exploit', input.generation);
  const choices: (Decision | Replaced)[] = [];
  for (let i = 0; i < byTrial.length; i++) {
    const [member, at] = [byTrial[i]!, ranks[i]!];
    const { trial } = member;
    if (!isReady(trial)) continue;
    const parent = select(member, at, key);
    const falls = at >= bottom || options.backtrack?.who === 'all';
    const goesBack = targets.length > 0 && (isHealthy(member) ? falls && member.steps >= options.burnIn : true);
    if (goesBack) choices.push(goBack(member, pick(foldIn(key, trial, 'checkpoint'), targets), key));
    else if (parent === null) choices.push({ kind: 'continue', trial });
    else choices.push(parent === undefined ? { kind: 'fail', trial, reason } : becomeCopy(member, parent, key));
  }
  return choices;
}

/** Whom to decide on; of a population that decides together, everybody, without a set of a thousand. */
function readiness(byTrial: readonly MemberReport[], ready: readonly number[]): (trial: number) => boolean {
  if (ready.length === byTrial.length && ready.every((trial, at) => trial === byTrial[at]!.trial)) return () => true;
  const chosen = new Set(ready);
  return (trial) => chosen.has(trial);
}

function selectionOptions(options: PopulationOptions): SelectionOptions {
  const { exploit = 'truncation', window = 10, significance = 0.05, quantile, burnIn } = options;
  return { exploit, window, significance, quantile, burnIn };
}

function becomeCopy(member: MemberReport, parent: MemberReport & { readonly score: number }, key: Key): Replaced {
  const { trial, hyperparameters: own } = member;
  const { hyperparameters, steps, score } = parent;
  return { trial, own, parent: parent.trial, hyperparameters, steps, score, key: foldIn(key, trial, 'explore') };
}

function goBack(member: MemberReport, to: HistoryEntry, key: Key): Replaced {
  const { trial, hyperparameters: own } = member;
  const { trial: parent, generation: parentGeneration, hyperparameters, toStep: steps, score } = to;
  return { trial, own, parent, parentGeneration, hyperparameters, steps, score, key: foldIn(key, trial, 'explore') };
}
