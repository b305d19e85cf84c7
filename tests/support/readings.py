"""What was found while files were read, as tests compare it."""

from pipeline.extract.count_records import CountReading
from pipeline.extract.period import FilesReading

#: the notice of how a column was understood, which most tests do not look at
UNDERSTOOD = "table_settled"


def codes(reading: CountReading | FilesReading) -> list[str]:
    """The codes of the findings in their order, without the notices of how a column was understood."""
    found = [*reading.findings, *(reading.counts.findings if isinstance(reading, FilesReading) else [])]
    return [f.code for f in found if f.code != UNDERSTOOD]
