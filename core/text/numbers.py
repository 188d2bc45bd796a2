"""Numbers as a reader wants them in a sentence."""

import math
from decimal import Decimal

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLAIN = (Decimal("0.0001"), Decimal(100_000))  # written without a power of ten


def sig(value: float | None, digits: int = 3) -> str:
    """`value` with at most `digits` significant ones: "0.0123", "320", "1.2×10⁻⁵", "∞", "–" for none.

    Whole numbers below 100,000 keep all their digits; powers of ten start there and below 0.0001.
    """
    if value is None or math.isnan(value):
        return "–"
    sign = "−" if value < 0 else ""
    size = abs(value)
    if math.isinf(size):
        return f"{sign}∞"
    if size == 0:
        return "0"
    rounded = Decimal(f"{size:.{digits - 1}e}")
    if _PLAIN[0] <= rounded < _PLAIN[1]:
        whole = size >= 10 ** (digits - 1)
        return sign + (f"{size:.0f}" if whole else f"{rounded.normalize():f}")
    power = rounded.adjusted()
    return f"{sign}{rounded.scaleb(-power).normalize():f}×10{str(power).translate(_SUPERSCRIPT)}"


def percent(share: float) -> str:
    """`share` of a whole as "41%"; "<1%" and ">99%" where a rounded 0% or 100% would be false, "–" for none."""
    if math.isnan(share):
        return "–"
    if 0 < share < 0.01:
        return "<1%"
    return ">99%" if 0.99 < share < 1 else f"{share:.0%}"


def percent_exactly(share: float) -> str:
    """`share` as a percentage with all its digits, for a setting: "0.5%"."""
    return f"{float(f'{100 * share:.12g}'):g}%"
