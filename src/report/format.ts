/** Values as text. The same on every machine: neither the locale nor the terminal decides. */
import { stripVTControlCharacters } from 'node:util';
import type { Hyperparameters, Value } from '../space/index.js';

/** Integers in full up to 10^15, all others with at most four significant digits: `0.978`, `1.234e-5`, `12350`, `NaN`. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value + 0);
  if (!Number.isFinite(value)) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-4 && magnitude < 1e15) return String(Number(value.toPrecision(4)));
  // not by way of a number, which may be infinite when rounded
  return value.toExponential(3).replace(/\.?0*e\+?/, 'e');
}

/** A hyperparameter's value on one line. */
export function formatValue(value: Value | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'number' ? formatNumber(value) : oneLine(String(value));
}

/** `learningRate 0.01, hidden 128` */
export function formatHyperparameters(hyperparameters: Hyperparameters): string {
  return Object.entries(hyperparameters)
    .map(([name, value]) => `${oneLine(name)} ${formatValue(value)}`)
    .join(', ');
}

/** Text that may come from anywhere, without control codes and line breaks: what a terminal would take as commands. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, '');
}

/** `0.42s`, `3.5s`, `12s`, `3m 05s`, `2h 03m`, `4d 07h`; at least 0. Empty for what is no time. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '';
  if (seconds < 9.95) return `${Number(seconds.toFixed(seconds < 0.995 ? 2 : 1))}s`;
  const whole = Math.round(seconds);
  const two = (part: number) => String(part).padStart(2, '0');
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)}d ${two(hours % 24)}h`;
}

/** `512 B`, `407 kB`, `1.3 GB`: decimal units. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [amount, unit] = [bytes, 0];
  while (amount >= 999.5 && unit < units.length - 1) [amount, unit] = [amount / 1000, unit + 1];
  return `${amount < 9.95 && unit > 0 ? Number(amount.toFixed(1)) : Math.round(amount)} ${units[unit]}`;
}

/** An ISO time in the machine's time zone: `2026-11-01 20:00:05`. */
export function formatTime(iso: string): string {
  const date = new Date(iso);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `1 trial`, `2 trials`. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
