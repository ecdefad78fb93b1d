/** The order of a population's members by score. */
import type { MemberReport } from './scheduler.js';

export type Healthy = MemberReport & { readonly score: number };

/** The members of a population in order of rank: by score; the same score by trial number, the lower one first. */
export interface Ranking {
  /** Those without a score (or with one that is not finite) come last. */
  readonly ranked: readonly MemberReport[];
  /** How many have a score. */
  readonly healthyCount: number;
  readonly byTrial: readonly MemberReport[];
  /** The rank, from 0, of each member in `byTrial`. */
  readonly ranks: Uint32Array;
}

export function isHealthy(member: MemberReport): member is Healthy {
  return Number.isFinite(member.score);
}

/** Ranks members; the order in which they are given changes nothing. */
export function rank(members: readonly MemberReport[]): Ranking {
  const byTrial = isByTrial(members) ? members : [...members].sort((a, b) => a.trial - b.trial);
  const { order, healthyCount } = orderOf(byTrial);
  const ranks = new Uint32Array(order.length);
  const ranked = new Array<MemberReport>(order.length);
  for (let at = 0; at < order.length; at++) {
    ranks[order[at]!] = at;
    ranked[at] = byTrial[order[at]!]!;
  }
  return { ranked, healthyCount, byTrial, ranks };
}

function isByTrial(members: readonly MemberReport[]): boolean {
  for (let i = 1; i < members.length; i++) if (members[i - 1]!.trial > members[i]!.trial) return false;
  return true;
}

/**
 * Indices of members by rank, those without a score last.
 *
 * Floats are sorted several times faster than members are by comparing them. So each score's lowest bits give way to its member's index;
 * where that has changed the order of two scores that are nearly alike, they change places afterwards.
 */
function orderOf(members: readonly MemberReport[]): { readonly order: Uint32Array; readonly healthyCount: number } {
  const count = members.length;
  const order = new Uint32Array(count);
  const losses = new Float64Array(count);
  const keys = new Float64Array(count);
  const lowWords = new Uint32Array(keys.buffer);
  const indexBits = 2 ** (32 - Math.clz32(count)) - 1;
  let healthyCount = 0;
  let lastPlace = count;
  for (let i = count - 1; i >= 0; i--) {
    const member = members[i]!;
    if (!isHealthy(member)) {
      order[--lastPlace] = i;
      continue;
    }
    // never -0, whose sign would set it apart from 0
    losses[i] = keys[healthyCount] = 0 - member.score;
    const word = 2 * healthyCount++ + lowWord;
    // of two negative floats the one with more in its lowest bits is the lower one
    lowWords[word] = (lowWords[word]! & ~indexBits) | (losses[i]! < 0 ? indexBits - i : i);
  }
  keys.subarray(0, healthyCount).sort();
  for (let at = 0; at < healthyCount; at++) {
    const index = lowWords[2 * at + lowWord]! & indexBits;
    insert(order, at, keys[at]! < 0 ? indexBits - index : index, losses);
  }
  return { order, healthyCount };
}

/** Where a float's lowest 32 bits are, of its two words. */
const lowWord = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 0 : 1;

/** Puts a member behind the first `count`, or before those of them that it has less loss than. */
function insert(order: Uint32Array, count: number, index: number, losses: Float64Array): void {
  const loss = losses[index]!;
  let at = count;
  for (; at > 0; at--) {
    const before = order[at - 1]!;
    if (losses[before]! < loss || (losses[before] === loss && before < index)) break;
    order[at] = before;
  }
  order[at] = index;
}
