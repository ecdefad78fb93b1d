// Makes the peers' Python environment in .cache/peers/venv, or leaves it as it is where it is up to date.
//   node bench/peers/install.mjs      PYTHON=python3.12 names another interpreter
import { makePythonEnvironment } from '../python-environment.mjs';
import { here, venv } from './places.mjs';

makePythonEnvironment(here, venv);
