#!/bin/sh
# Changes what a population tunes while it trains; each change is journaled at its next decision. In the project's folder:
#
#   sh examples/quadratic-change.sh
set -e
tuner() {
  eval "${TFJS_TUNER:-npx tfjs-tuner}" '"$@"'
}
sweep=$(dirname "$0")/quadratic-change.yaml

tuner run "$sweep" --quiet &
until tuner show quadratic-change >/dev/null 2>&1; do sleep 0.1; done

# copies keep h0 as their parent has it
tuner change quadratic-change --freeze h0
# decisions become rarer
tuner change quadratic-change --interval 1000
# h0 is explored again
tuner change quadratic-change --unfreeze h0
# h1 is, from now on, in another range
tuner change quadratic-change --introduce 'h1: { float: [0.5, 1] }'
# which the population has reached by now: the study ends
tuner change quadratic-change --target 1
wait
