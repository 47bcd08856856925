"""Arithmetic of measurements.

>>> body_mass_index(70, 175)
22.9
"""


def body_mass_index(weight_kg: float, height_cm: float) -> float | None:
    """Return the body mass index in kg/m², to one decimal; None where weight or height is missing.

    BMI = weight in kilograms / (height in metres)², after WHO, Obesity: preventing and managing the global epidemic,
    Technical Report Series 894 (2000), section 2.2.

    >>> body_mass_index(3.5, 50), body_mass_index(70, 0)
    (14.0, None)
    """
    if weight_kg <= 0 or height_cm <= 0:
        return None
    return round(weight_kg / (height_cm / 100) ** 2, 1)
