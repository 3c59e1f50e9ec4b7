"""A number outside the limits of its model is refused, whatever kind of number the model calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.model import DenormalizedStructureBuilder, Shape

from emulator.protocol.shapes import violations
from tests.emulator.conftest import PAYMENTS, TWO_ORGANIZATIONS

if TYPE_CHECKING:
    from tests.emulator.conftest import Emulator

UNCHECKED = Config(parameter_validation=False)


def structure(kind: str) -> Shape:
    members = {"Size": {"type": kind, "min": 1, "max": 8}}
    return DenormalizedStructureBuilder().with_members(members).build_model()


@pytest.mark.parametrize("kind", ["integer", "long", "float", "double"])
@pytest.mark.parametrize(("value", "words"), [(0, "greater than or equal to 1"), (9, "less than or equal to 8")])
def test_a_number_outside_its_limits_is_named(kind: str, value: int, words: str) -> None:
    (sentence,) = violations(structure(kind), {"Size": value})
    assert words in sentence


@pytest.mark.parametrize("kind", ["integer", "long", "float", "double"])
@pytest.mark.parametrize("value", ["1", True, [1]])
def test_what_is_no_number_is_refused(kind: str, value: object) -> None:
    assert violations(structure(kind), {"Size": value}) == [
        f"Value at 'Size' failed to satisfy constraint: Member must be a {kind}"
    ]


@pytest.mark.parametrize("kind", ["integer", "long", "float", "double"])
def test_a_number_within_its_limits_passes(kind: str) -> None:
    assert violations(structure(kind), {"Size": 8}) == []


def test_a_snapshot_of_no_size_is_refused_in_the_service_s_words(emulator: Emulator) -> None:
    emulator.seed(TWO_ORGANIZATIONS)
    ebs = emulator.client("ebs", PAYMENTS, config=UNCHECKED)
    with pytest.raises(ClientError) as refused:
        ebs.start_snapshot(VolumeSize=0)
    assert refused.value.response["Error"]["Code"] == "ValidationException"
