// Makes the peers' Python environment in .cache/quality/venv, or leaves it as it is where it is up to date.
//   node bench/quality/install.mjs      PYTHON=python3.12 names another interpreter
import { makePythonEnvironment } from '../python-environment.mjs';
import { here, venv } from './places.mjs';

makePythonEnvironment(here, venv);
