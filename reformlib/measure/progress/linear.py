"""Linear path: how far along the straight line from the base to the target. The same for done and not done."""

from reformlib.load.codes import codes
from reformlib.measure.progress import result
from reformlib.measure.progress.result import REASONS, Progress, at_least, finite, no_way_to_go, reached, same, sign_of

RULE_SET = "linear"

LABELS = codes("linear_status")


def missed_by(value: float, target: float, *, direction: int | str) -> float:
    """How much is missing to a target, in the unit of the value; 0 when it is met.

    >>> missed_by(27.5, 30, direction="increase"), missed_by(35, 30, direction="increase")
    (2.5, 0.0)
    """
    if reached(value, target, direction=direction):
        return 0.0
    return abs(target - value)


def share_of_way(base_value: float, current_value: float, target: float) -> float | None:
    """Part of the way from base to target that has been covered: 0 none, 1 all; None when there was no way to go.

    >>> share_of_way(60, 80, 100), share_of_way(40, 20, 0), share_of_way(5, 6, 5)
    (0.5, 0.5, None)
    """
    if same(base_value, target):
        return None
    share = (current_value - base_value) / (target - base_value)
    return finite(share)


def pace(base_value: float, base_year: float, current_value: float, current_year: float) -> float | None:
    """Average change a year, in the unit of the value; None when no time has passed.

    >>> pace(60, 2011, 80, 2016)
    4.0
    """
    if not current_year > base_year:
        return None
    return finite((current_value - base_value) / (current_year - base_year))


def required_pace(
    current_value: float, current_year: float, *, target: float, target_year: float, direction: int | str
) -> float | None:
    """Change a year needed from now on to reach the target; 0 when it is met, None when its year has come.

    >>> required_pace(80, 2016, target=100, target_year=2020, direction="increase")
    5.0
    """
    if reached(current_value, target, direction=direction):
        return 0.0
    return pace(current_value, current_year, target, target_year)


def linear_progress(
    base_value: float | None,
    base_year: float,
    current_value: float | None,
    current_year: float,
    *,
    target: float,
    target_year: float,
    direction: int | str,
) -> Progress:
    """Share of the way covered over share of the time elapsed.

    `value` = [(current - base) / (target - base)] / [(t - t0) / (T - t0)]; from the target year on the time counts
    as elapsed, so `value` is then the share of the way. Years may have fractions. 60 % done in 2011, 80 % in 2016,
    target 100 % in 2020: (20/40) / (5/9) = 0.9, and 0.9 again for 40 -> 20 -> 0 % not done.

    `status`: achieved (current meets the target, at any pace); from the target year on missed; before it on_track
    (value >= 1), behind, no_change, moving_away (value < 0, or a met target lost again); not_available. There is
    no score. Raises ReformError for an unknown direction.
    """
    sign_of(direction)
    base, current, target = finite(base_value), finite(current_value), float(target)
    achieved = current is not None and reached(current, target, direction=direction)
    value, reason = _ratio(base, base_year, current, current_year, target, target_year, direction)
    if achieved:
        status = "achieved"
    elif current is None:
        status = result.NOT_AVAILABLE
    elif current_year >= target_year:
        status = "missed"
    elif reason in (REASONS["base_is_target"], REASONS["base_past_target"]):
        status = "moving_away"
    elif value is None:
        status = result.NOT_AVAILABLE
    elif same(value, 0):
        status = "no_change"
    else:
        status = "moving_away" if value < 0 else "on_track" if at_least(value, 1) else "behind"
    return Progress(value, None, status, LABELS[status], reason, RULE_SET, achieved)


def _ratio(base, base_year, current, current_year, target, target_year, direction) -> tuple[float | None, str]:
    if current is None:
        return None, REASONS["no_data"]
    if base is None:
        return None, REASONS["no_base"]
    if not current_year > base_year:
        return None, REASONS["one_point"]
    if not target_year > base_year:
        return None, REASONS["target_year"]
    if reason := no_way_to_go(base, target, direction):
        return None, reason
    elapsed = min(1.0, (current_year - base_year) / (target_year - base_year))
    share = share_of_way(base, current, target)
    value = finite(share / elapsed) if share is not None else None
    return (value + 0.0, "") if value is not None else (None, REASONS["too_large"])
