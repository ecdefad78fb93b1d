import type { StudyState, TunerEvent } from '../study/index.js';
import { describeRecord, describeSummary } from './describe-record.js';
import { follow } from './follow.js';
import { formatTime, oneLine } from './format.js';
import { ObjectiveNews } from './objective.js';
import type { Output, Reporter } from './reporter.js';

/** Lines without control codes, for a file or a pipe: one for each generation, copy, incident and notice, with its time. */
export class PlainReporter implements Reporter {
  #state: StudyState | undefined;
  readonly #objective = new ObjectiveNews();

  /** @param now a clock, for notices: they have no time of their own */
  constructor(
    private readonly output: Output,
    private readonly now: () => Date = () => new Date(),
  ) {}

  event(event: TunerEvent): void {
    switch (event.type) {
      case 'record':
        this.#state = follow(this.#state, event.record);
        // what a former process did was told by it; but whoever reads on has to know what is resumed
        if (event.replayed && event.record.kind !== 'created') break;
        for (const { text } of describeRecord(this.#state, event.record)) this.#write(event.at, text);
        break;
      case 'objective': {
        const lines = this.#objective.describe(event.record);
        if (event.replayed && event.record.kind !== 'objective') break;
        for (const { text } of lines) this.#write(event.at, text);
        break;
      }
      case 'output':
        this.#write(this.now().toISOString(), `trial ${event.trial} says: ${oneLine(event.text.trimEnd())}`);
        break;
      case 'notice':
        this.#write(this.now().toISOString(), oneLine(event.message));
        break;
      case 'summary':
        for (const line of describeSummary(event, this.#state?.settings.objective.metric ?? this.#objective.metric)) {
          this.#write(this.now().toISOString(), line);
        }
        break;
      case 'progress':
        break;
      default:
        event satisfies never;
    }
  }

  close(): void {}

  #write(at: string, text: string): void {
    this.output.write(`${formatTime(at)}  ${text}\n`);
  }
}
