"""Whether a power was in force on a day: pure, from its times in force."""

from datetime import date

from register.powers.facts import Period, PowerFacts, PowerStanding, Standing, told


def standing_of(power: PowerFacts, day: date) -> PowerStanding:
    """Whether a power was in force on a day, as far as its record says."""
    name = f"“{power.title}”"
    for period in power.periods:
        if period.surely_holds(day):
            return PowerStanding(Standing.IN_FORCE, _in_force(name, period), power.id)
    if not power.periods and power.not_commenced:
        return PowerStanding(Standing.NOT_YET, f"{name} has not been brought into force.", power.id)
    if not power.periods or any(period.may_hold(day) for period in power.periods):
        sentence = f"The record does not say whether {name} was in force on {told(day.isoformat())}."
        return PowerStanding(Standing.UNKNOWN, sentence, power.id)
    return _out_of_force(power, name, day)


def _in_force(name: str, period: Period) -> str:
    begun = told(period.from_on or "")
    if period.until_on:
        return f"{name} was in force from {begun} until {told(period.until_on)}."
    return f"{name} has been in force since {begun}."


def _out_of_force(power: PowerFacts, name: str, day: date) -> PowerStanding:
    over = [period for period in power.periods if period.is_after_it(day)]
    if not over:
        begins = told(min(period.from_on or "" for period in power.periods))
        return PowerStanding(Standing.NOT_YET, f"{name} came into force only on {begins}.", power.id)
    last = max(over, key=lambda period: period.until_on or "")
    ended = f"{name} was in force until {told(last.until_on or '')}."
    sentence = f"{ended} {last.reason.rstrip('.')}." if last.reason else ended
    return PowerStanding(Standing.NO_LONGER, sentence, power.id)
