"""Element of the Current Status Index of the UN commission for Asia and the Pacific (ESCAP)."""

from reformlib.measure.progress.result import finite, same, sign_of


def current_status(
    current_value: float, *, base: float, target: float, direction: int | str, parity: bool = False
) -> float | None:
    """Way covered since the base year out of 10: `10 d (current - base) / |target - base|`, d = 1 or -1.

    For a ratio to be brought to parity, `10 - 10 |target - current| / |target - base|`. None when base is the target.
    Formula as coded in UNICEF's benchmarking script for the Middle East and North Africa.

    >>> current_status(60, base=50, target=90, direction=1)
    2.5
    """
    sign = sign_of(direction)
    if same(base, target):
        return None
    way = abs(target - base)
    if parity:
        return finite(10 - 10 * abs(target - current_value) / way)
    return finite(10 * sign * (current_value - base) / way)
