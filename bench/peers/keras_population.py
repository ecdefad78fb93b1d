"""Steps a second of two Keras processes of one thread, side by side.   keras_population.py CASE"""

import sys

from common import Case, report_population, two_processes
from keras_fit import train_one_of_two

if __name__ == "__main__":
    case = Case(sys.argv[1])
    report_population(case, "Keras fit, two processes", "plain", two_processes(train_one_of_two, case.name))
