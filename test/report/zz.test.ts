import { it } from 'vitest';
import { noColors } from '../../src/report/colors.js';
import { renderFrame } from '../../src/report/live-frame.js';
import { PlainReporter } from '../../src/report/plain.js';
import { renderStudy } from '../../src/report/show.js';
import { foldRecords } from '../../src/study/index.js';
import { entriesOf, simulateStudy } from './simulated-study.js';

it('x', () => {
  const entries = entriesOf(simulateStudy({ divergesAbove: 0.1 }));
  const state = foldRecords(entries.map((e) => e.record));
  console.log(renderStudy({ entries, state, status: 'completed' }, 100, noColors));
  const out: string[] = [];
  const r = new PlainReporter({ write: (t) => out.push(t) });
  for (const e of entries) r.event({ type: 'record', replayed: false, ...e });
  console.log(out.join(''));
  const half = foldRecords(entries.slice(0, 35).map((e) => e.record));
  for (const columns of [120, 80, 60, 40, 20])
    console.log(
      renderFrame(
        {
          state: half,
          progress: half.trials.map((t) => ({
            trial: t.trial,
            running: t.trial < 2,
            step: t.step + (t.trial < 2 ? 60 : 0),
          })),
          stepsPerSecond: 3412.3,
          elapsedSeconds: 12,
        },
        { columns, rows: 24 },
        noColors,
      ) + '\n',
    );
  console.log(
    renderFrame(
      { state: half, progress: [], stepsPerSecond: 3412.3, elapsedSeconds: 12 },
      { columns: 60, rows: 7 },
      noColors,
    ) + '\n',
  );
});
