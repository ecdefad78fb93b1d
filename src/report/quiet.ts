import type { TunerEvent } from '../study/index.js';
import { describeSummary } from './describe-record.js';
import type { Output, Reporter } from './reporter.js';

/** The result, and nothing before it. */
export class QuietReporter implements Reporter {
  #metric = 'value';

  constructor(private readonly output: Output) {}

  event(event: TunerEvent): void {
    if (event.type === 'objective' && event.record.kind === 'objective')
      this.#metric = event.record.settings.objective.metric;
    if (event.type === 'record' && event.record.kind === 'created')
      this.#metric = event.record.settings.objective.metric;
    if (event.type === 'summary') this.output.write(`${describeSummary(event, this.#metric).join('\n')}\n`);
  }

  close(): void {}
}
