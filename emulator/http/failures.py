"""What an exception inside means for the caller: an unreadable request, a gap of moto, or a mistake of ours."""

import logging
import os
from pathlib import Path
from types import TracebackType
from typing import Protocol

from emulator.protocol.answers import Refusal

_LOG = logging.getLogger(__name__)
# The folder of the emulator, in the form in which code objects name their files.
_HERE = str(Path(__file__).absolute().parents[1]) + os.sep
_MOTO = f"{os.sep}site-packages{os.sep}moto{os.sep}"
_PARSER = f"{_MOTO}core{os.sep}parse.py"

# A mistake in these is never passed off as something that is not modelled.
_OURS = frozenset({"mpa", "backup", "ram", "organizations", "sts"})


class _Named(Protocol):
    """As much of a call as is needed here."""

    @property
    def name(self) -> str: ...


def explained(call: _Named, error: Exception) -> Refusal:
    """The error of AWS for an exception that nobody expected; what is a mistake of ours also goes to the log."""
    files = list(_files(error.__traceback__))
    if _PARSER in "".join(files[-4:]) and isinstance(error, ValueError | TypeError | AttributeError | LookupError):
        return Refusal(400, "SerializationException", f"The input of {call.name} does not fit its model: {error}")
    where = next((file for file in reversed(files) if _MOTO in file or file.startswith(_HERE)), "")
    if _MOTO in where and call.name.partition(":")[0] not in _OURS:
        return Refusal(
            501,
            "NotImplemented",
            f"{call.name} with these parameters is not modelled by this emulator: moto fails on them ({error!r}). "
            "See emulator/FIDELITY.md.",
        )
    _LOG.error("failed on %s", call.name, exc_info=error)
    return Refusal(500, "InternalFailure", f"{call.name} failed inside the emulator: {error!r}")


def _files(trace: TracebackType | None) -> list[str]:
    """The files of the code that was running, the outermost first."""
    found = []
    while trace is not None:
        found.append(trace.tb_frame.f_code.co_filename)
        trace = trace.tb_next
    return found
