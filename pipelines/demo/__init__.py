"""Fictional programmes from a seed: eight raw files in the shapes that offices really have, the collective marking of
one year and, apart, their truth.

Nothing here comes from a real programme, and nothing depends on a clock, a machine or a locale: only `random()` and
`integers()` of the seeded generator are drawn, because transcendental functions differ between processors.
"""
