"""The two-sample Kolmogorov-Smirnov test, two-sided."""
import math


def distance(a, b):
    """The largest difference of the two empirical distribution functions."""
    a, b = sorted(a), sorted(b)
    i = j = 0
    widest = 0.0
    while i < len(a) and j < len(b):
        value = min(a[i], b[j])
        while i < len(a) and a[i] == value:
            i += 1
        while j < len(b) and b[j] == value:
            j += 1
        widest = max(widest, abs(i / len(a) - j / len(b)))
    return widest


def p_value(a, b):
    """How probable a distance of this size is where both are drawn from one distribution (asymptotic, Stephens' correction
    for the size; good from some 20 values upwards)."""
    size = math.sqrt(len(a) * len(b) / (len(a) + len(b)))
    x = (size + 0.12 + 0.11 / size) * distance(a, b)
    if x < 0.2:
        return 1.0
    return min(1.0, max(0.0, 2 * sum((-1) ** (k - 1) * math.exp(-2 * k * k * x * x) for k in range(1, 101))))
