"""The palette can be told apart by colour-blind readers, in a grey print, and from the white of the page."""

import itertools

import numpy as np
import pytest

from pipelines.charts.style import INK, PALETTE

CATEGORIES = PALETTE[:-1]  # the last is the grey of what has no category
# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
SIGHTS = {
    "ordinary": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = TO_XYZ.sum(axis=1)


def linear(colour: str) -> np.ndarray:
    encoded = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* under D65 of linear RGB."""
    ratio = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def contrast_with_white(colour: str) -> float:
    return 1.05 / (float(linear(colour) @ TO_XYZ[1]) + 0.05)


def distances(colours: tuple[str, ...], sight: str) -> dict[tuple[str, str], float]:
    seen = {colour: lab(SIGHTS[sight] @ linear(colour)) for colour in colours}
    return {pair: float(np.linalg.norm(seen[pair[0]] - seen[pair[1]])) for pair in itertools.combinations(colours, 2)}


def test_the_measure_knows_black_white_and_a_confusion() -> None:
    assert lab(linear("#ffffff")) == pytest.approx([100, 0, 0], abs=0.01)
    assert contrast_with_white("#000000") == pytest.approx(21)
    red_green = ("#d62728", "#6b8e23")
    (ordinary,) = distances(red_green, "ordinary").values()
    (deuteranope,) = distances(red_green, "deuteranopia").values()
    assert deuteranope < ordinary / 3


@pytest.mark.parametrize("sight", SIGHTS)
def test_categories_are_far_apart_for_every_sight(sight: str) -> None:
    assert min(distances(CATEGORIES, sight).values()) > 25


@pytest.mark.parametrize("sight", SIGHTS)
def test_grey_is_apart_from_every_category(sight: str) -> None:
    assert min(distances(PALETTE, sight).values()) > 12


@pytest.mark.parametrize("colour", [*PALETTE, INK])
def test_every_colour_stands_at_three_to_one_on_white(colour: str) -> None:
    assert contrast_with_white(colour) >= 3


def test_neighbours_differ_in_a_grey_print() -> None:
    lightness = [float(lab(linear(colour))[0]) for colour in CATEGORIES]
    assert min(abs(one - other) for one, other in itertools.pairwise(lightness)) > 20


def test_colours_come_once() -> None:
    assert len(set(PALETTE)) == len(PALETTE)
