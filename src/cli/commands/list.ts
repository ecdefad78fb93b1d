import { colorsFor, renderListings } from '../../report/index.js';
import { listStudies } from '../../store/index.js';
import { defineCommand } from '../command.js';
import { studiesFolder } from '../studies.js';
import { widthOf } from '../width.js';

export const list = defineCommand({
  words: ['list'],
  description: 'list studies and how they stand',
  options: ['dir', 'json'],
  async run({ options: { dir, json } }, { stdout, stderr }) {
    const folder = studiesFolder(dir);
    const listings = listStudies(folder);
    if (json) for (const listing of listings) stdout.write(`${JSON.stringify({ type: 'study', ...listing })}\n`);
    else if (listings.length === 0) stderr.write(`there are no studies in ${folder}\n`);
    else stdout.write(`${renderListings(listings, widthOf(stdout), colorsFor(stdout))}\n`);
    return 0;
  },
});
