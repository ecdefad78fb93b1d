import { join } from 'node:path';
import type { Workshop } from './compile.js';
import { homeLayout } from './home.js';
import type { Plan } from './locate.js';
import type { OnProgress } from './progress.js';
import type { Tool } from './tools.js';

/** One run of the installer, as the makers of its parts see it. */
export interface Job {
  planned: Plan;
  /** This run's staging folder; removed at its end, whatever happens. */
  folder: string;
  signal: AbortSignal | undefined;
  report: OnProgress;
}

/** A folder of the job's for compiling one part; it must be created before it is used. */
export function workshop(job: Job, compiler: Tool, name: string): Workshop {
  return { compiler, folder: join(job.folder, name), logs: homeLayout.logs(job.planned.home), signal: job.signal };
}
