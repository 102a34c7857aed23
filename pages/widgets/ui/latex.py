"""Numbers in formulas, as LaTeX."""


def significant(number: float, digits: int = 3) -> str:
    """Return a number with this many significant digits: 0.107, 37.5, 2.10 x 10^-7."""
    mantissa, _, power = f"{number:#.{digits}g}".partition("e")
    mantissa = mantissa.removesuffix(".") if number else "0"
    return rf"{{{mantissa} \cdot 10^{{{int(power)}}}}}" if power else mantissa


def factor(number: float, decimals: int | None = None) -> str:
    """Return a factor in a formula, a negative one in parentheses. decimals: None for
    three significant digits.
    """
    text = significant(number) if decimals is None else f"{number + 0.0:.{decimals}f}"  # makes 0 of -0
    return f"({text})" if number < 0 else text


def approximate(p: float) -> str:
    """Return the end of a formula for a probability, which is never exactly 0 or 1."""
    if p >= 0.99995:
        return "> 0.9999"
    return rf"\approx {p:.4f}" if p >= 0.001 else rf"\approx {significant(p)}"
