"""Errors that an evaluator can act on: one French sentence with the fix, and the exit code of the command line."""

from collections.abc import Sequence


class OseError(Exception):
    """A French sentence that says what is wrong, where, and what to do; `exit_code` is what the command returns.

    `details`: lines that help to mend it, printed under the sentence; "" where the sentence says all. `section`: the
    section of the notebook that stopped on it; `kept`: where the notebook as far as it went is; "" for none.
    """

    exit_code = 1
    section = ""
    kept = ""

    def __init__(self, sentence: str = "", *, details: str = "") -> None:
        super().__init__(sentence)
        self.details = details

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the sentence, without a traceback."""
        return [str(self)]


class NotebookError(OseError):
    """A notebook failed while it ran."""

    exit_code = 1


class UsageError(OseError):
    """Bad usage: an unknown option, contract, notebook or parameter, or a folder that cannot be written."""

    exit_code = 2


class DataError(OseError):
    """Data refused: a file, a column, a row or a table that may not go further down the line."""

    exit_code = 3


def together(errors: Sequence[DataError]) -> DataError:
    """Several refusals as one: a sentence a line, then all their details."""
    details = "\n\n".join(error.details for error in errors if error.details)
    return DataError("\n".join(str(error) for error in errors), details=details)


class BusyError(OseError):
    """Another build is running on the same outputs."""

    exit_code = 4
