// A beam that is fixed at one end and loaded with 1 kN at the other: how light can it be, and how stiff? Two objectives and two bounds, after
// Deb 2001, "Multi-objective optimization using evolutionary algorithms", section 2.1.
// Run it with:  npx tfjs-tuner run examples/cantilever.yaml
import { defineObjective, float } from 'tfjs-tuner/objective';

const load = 1000; // N
const stiffness = 207e9; // Pa
const density = 7800; // kg/m³

export default defineObjective({
  space: {
    diameter: float(0.01, 0.05), // m
    length: float(0.2, 1), // m
  },
  run: ({ hyperparameters: { diameter, length } }) => ({
    weight: (density * Math.PI * diameter ** 2 * length) / 4, // kg
    deflection: (1000 * 64 * load * length ** 3) / (3 * stiffness * Math.PI * diameter ** 4), // mm
    stress: (32 * load * length) / (Math.PI * diameter ** 3) / 1e6, // MPa
  }),
});
