"""A space as the tuner's sweep files have it, asked of an Optuna trial."""


def suggest(trial, space):
    """One value for every parameter that is active."""
    values = {}
    for name, given in space.items():
        if any(values.get(parent) != value for parent, value in given.get("when", {}).items()):
            continue
        log = given.get("scale") == "log"
        if "choice" in given:
            values[name] = trial.suggest_categorical(name, given["choice"])
        elif "int" in given:
            values[name] = trial.suggest_int(name, *given["int"], log=log)
        else:
            values[name] = trial.suggest_float(name, *given["float"], log=log, step=given.get("step"))
    return values
