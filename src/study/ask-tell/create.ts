import {
  completePoint,
  type Hyperparameters,
  type InferHyperparameters,
  type Space,
  type SpaceDefinition,
} from '../../space/index.js';
import { errors } from '../errors.js';
import { bestPoints, importTrials } from '../warm-start.js';
import { StudyCore } from './core.js';
import { checkOptions, isCountFrom, type Setup, type StudyOptions, setUp } from './options.js';
import { createdRecord, type Journal, readJournal } from './read-journal.js';
import { type AskTellSettings, askTellFormat } from './records.js';
import { Study } from './study.js';

/**
 * A new study.
 *
 * ```ts
 * const study = createStudy({ space: { x: { float: [-10, 10] } }, seed: 1 });
 * await study.optimize((trial) => (trial.hyperparameters.x - 2) ** 2, { trials: 50 });
 * study.best?.hyperparameters.x;
 * ```
 *
 * Errors: STUDY_OPTION_…, STUDY_ONE_OBJECTIVE_ONLY, SPACE_….
 */
export function createStudy<const S extends SpaceDefinition, const D extends boolean = false>(
  options: StudyOptions<S, D>,
): Study<InferHyperparameters<S>, D> {
  const setup = setUp(options);
  const core = new StudyCore(setup);
  const points = (options.enqueue ?? []).map((point) => checkPoint(setup.space, core, point));
  const { space, settings } = setup;
  const earlier = importTrials(settings, space, options.earlier ?? []);
  core.append({ kind: 'created', format: askTellFormat, settings });
  for (const trial of earlier) core.append({ kind: 'imported', ...trial });
  for (const point of points) core.enqueue(point);
  for (const point of bestPoints(settings, space, earlier, options.tryEarlier ?? 0)) core.enqueue(point);
  return new Study(core);
}

/** What a restored study needs besides its journal: what JSON cannot hold, and what may be given anew. */
export interface RestoreOptions<S extends SpaceDefinition = SpaceDefinition, D extends boolean = boolean>
  extends Pick<StudyOptions<S, D>, 'sampler' | 'scheduler' | 'stop' | 'onRecord'> {
  /** The study's own space, for its types. */
  readonly space?: S;
  /** As in the journal, for the types. */
  readonly deterministic?: D;
  /** Trials in all, from now on; a study that has ended goes on if it has fewer. Default: as before. */
  readonly trials?: number;
  /** Whether to ask the sampler again for every trial, and compare. Default: `false`, since it takes as long as the proposals did. */
  readonly verify?: boolean;
}

/**
 * The study of a journal, exactly as it was: the same trials, and the same proposals and decisions from now on. Trials that were
 * not told are in `study.running`; `optimize` runs them first.
 *
 * @param journal `study.journal`, or the records that `onRecord` was given, also as text with one JSON record a line
 *
 * Errors: STUDY_JOURNAL_INVALID, STUDY_REPLAY_DIFFERS where sampler, scheduler, rules or space are not the study's.
 */
export function restoreStudy<const S extends SpaceDefinition, const D extends boolean = false>(
  journal: Journal,
  options: RestoreOptions<S, D> = {},
): Study<InferHyperparameters<S>, D> {
  checkOptions('restoreStudy', restoreRules, options);
  const { verify = false, trials } = options;
  const records = readJournal(journal);
  const { settings } = createdRecord(records);
  const setup = restoredSetup(settings, options);
  const core = new StudyCore(setup);
  core.records.push(records[0]!);
  for (const record of records.slice(1)) core.replay(record, verify);
  if (trials !== undefined && trials !== core.ledger.trialLimit) core.append({ kind: 'extended', trials });
  // the process may have been killed between a result and the end that it led to
  core.dropPaused();
  if (records.at(-1)?.kind === 'told') core.endIfDue();
  return new Study(core);
}

/** What a study has too is checked by `setUp`. */
const checkedLater = { must: '', holds: () => true };
const restoreRules = {
  space: checkedLater,
  deterministic: checkedLater,
  sampler: checkedLater,
  scheduler: checkedLater,
  stop: checkedLater,
  onRecord: checkedLater,
  trials: { must: 'an integer of at least 1', holds: isCountFrom(1) },
  verify: { must: 'true or false', holds: (given: unknown) => typeof given === 'boolean' },
};

function restoredSetup(settings: AskTellSettings, options: RestoreOptions): Setup {
  const { maxSteps, trials, target, directions, ...rest } = settings;
  const { space, deterministic, sampler, scheduler, stop, onRecord } = options;
  const setup = setUp({
    ...Object.fromEntries(
      Object.entries({ sampler, scheduler, stop, onRecord }).filter(([, one]) => one !== undefined),
    ),
    ...Object.fromEntries(Object.entries({ maxSteps, trials, target }).filter(([, one]) => one !== null)),
    space: rest.space,
    constraints: rest.constraints,
    directions,
    outcomeConstraints: rest.outcomeConstraints,
    seed: rest.seed,
    deterministic: deterministic ?? rest.deterministic,
    // one that pauses was accepted when the study was made
    pausable: scheduler?.pauses === true,
    parallel: rest.parallel,
  } as StudyOptions);
  const given = { ...setup.settings, space: space ?? rest.space };
  for (const name of ['sampler', 'scheduler', 'stop', 'deterministic', 'space'] as const) {
    const [journal, replayed] = [settings[name], given[name]];
    if (JSON.stringify(journal) !== JSON.stringify(replayed)) {
      throw errors.STUDY_REPLAY_DIFFERS({ what: `its ${name}`, journal, replayed });
    }
  }
  return setup;
}

/** A point to try, checked. */
function checkPoint(space: Space, core: StudyCore, point: unknown): Hyperparameters {
  completePoint(space, point, core.trialKey(0));
  return point as Hyperparameters;
}
