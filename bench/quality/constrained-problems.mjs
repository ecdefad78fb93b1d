/**
 * Two objectives to minimise under outcome constraints. Spaces are handed to the peer; the functions exist twice, here and in
 * `constrained_problems.py`, and are compared before anything is measured. They return losses, and violations: at most 0 where a constraint holds.
 * `reference`: the point that the hypervolume is measured to, beyond the worst values of the front.
 */

const sum = (values) => values.reduce((total, value) => total + value, 0);
const ranges = (...given) => Object.fromEntries(given.map((float, at) => [`x${at}`, { float }]));

/** Binh and Korn 1997. */
function bnh([x, y]) {
  return {
    losses: [4 * x ** 2 + 4 * y ** 2, (x - 5) ** 2 + (y - 5) ** 2],
    violations: [(x - 5) ** 2 + y ** 2 - 25, 7.7 - (x - 8) ** 2 - (y + 3) ** 2],
  };
}

/** Srinivas and Deb 1994. */
function srn([x, y]) {
  return {
    losses: [2 + (x - 2) ** 2 + (y - 1) ** 2, 9 * x - (y - 1) ** 2],
    violations: [x ** 2 + y ** 2 - 225, x - 3 * y + 10],
  };
}

/** Tanaka, Watanabe, Furukawa and Tanino 1995. */
function tnk([x, y]) {
  return {
    losses: [x, y],
    violations: [1 + 0.1 * Math.cos(16 * Math.atan2(x, y)) - x ** 2 - y ** 2, (x - 0.5) ** 2 + (y - 0.5) ** 2 - 0.5],
  };
}

/** Osyczka and Kundu 1995. */
function osy([a, b, c, d, e, f]) {
  return {
    losses: [
      -(25 * (a - 2) ** 2 + (b - 2) ** 2 + (c - 1) ** 2 + (d - 4) ** 2 + (e - 1) ** 2),
      sum([a, b, c, d, e, f].map((value) => value ** 2)),
    ],
    violations: [2 - a - b, a + b - 6, b - a - 2, a - 3 * b - 2, (c - 3) ** 2 + d - 4, 4 - (e - 3) ** 2 - f],
  };
}

/** C2-DTLZ2 of Jain and Deb 2014, two objectives of 11 numbers, discs of radius 0.2: three pieces of the front are feasible. */
function c2dtlz2([angle, ...rest]) {
  const far = 1 + sum(rest.map((value) => (value - 0.5) ** 2));
  const [f, g] = [far * Math.cos((angle * Math.PI) / 2), far * Math.sin((angle * Math.PI) / 2)];
  const centres = [
    [1, 0],
    [0, 1],
    [Math.SQRT1_2, Math.SQRT1_2],
  ];
  return {
    losses: [f, g],
    violations: [Math.min(...centres.map(([x, y]) => (f - x) ** 2 + (g - y) ** 2)) - 0.04],
  };
}

const listed = (f) => (hyperparameters) => f(Object.values(hyperparameters));

export const constrainedProblems = {
  BNH: { space: ranges([0, 5], [0, 3]), f: listed(bnh), reference: [150, 60] },
  SRN: { space: ranges([-20, 20], [-20, 20]), f: listed(srn), reference: [250, 50] },
  TNK: { space: ranges([0, Math.PI], [0, Math.PI]), f: listed(tnk), reference: [1.2, 1.2] },
  OSY: { space: ranges([0, 10], [0, 10], [1, 5], [0, 6], [1, 5], [0, 10]), f: listed(osy), reference: [0, 100] },
  'C2-DTLZ2': { space: ranges(...Array(11).fill([0, 1])), f: listed(c2dtlz2), reference: [2, 2] },
};
