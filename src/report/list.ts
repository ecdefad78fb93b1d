import type { StudyListing } from '../store/index.js';
import type { Colors } from './colors.js';
import { formatNumber, formatTime, oneLine } from './format.js';
import { type Column, renderTable } from './table.js';

const columns: readonly Column[] = [
  { title: 'study', rank: 0 },
  { title: 'status', rank: 1 },
  { title: 'best', rank: 2 },
  { title: 'trials', align: 'right', rank: 4 },
  { title: 'steps', align: 'right', rank: 5 },
  { title: 'changed', rank: 3 },
];

/** A table of studies, and what is wrong with those that are broken. @param width characters a line may have */
export function renderListings(listings: readonly StudyListing[], width: number, colors: Colors): string {
  const rows = listings.map((listing) => {
    if (listing.status === 'broken') return [listing.study, colors.red(listing.status)];
    const { study, status, best, metric, trials, steps, updatedAt } = listing;
    const value = best === null ? '' : `${oneLine(metric)} ${formatNumber(best.value)}`;
    const shown = status === 'running' ? colors.cyan(status) : status;
    return [study, shown, value, String(trials), String(steps), formatTime(updatedAt)];
  });
  const broken = listings.flatMap((listing) => {
    return listing.status === 'broken'
      ? [`${listing.study}: ${listing.error.code}: ${oneLine(listing.error.message)}`]
      : [];
  });
  return [...renderTable(columns, rows, width), ...(broken.length > 0 ? ['', ...broken] : [])].join('\n');
}
