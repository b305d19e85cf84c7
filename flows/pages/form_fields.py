"""The fields of the forms in Prefect's pages, each titled and explained in Vietnamese.

In the form "a text or nothing" is a pair of buttons named after Python's types, and nothing is refused where only a
text may stand: so optional fields are told of as texts that have a value from the start.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from pipeline.rulebooks import installed

#: the first choice: the rulebook in force on the period's last day
APPLYING = "đang áp dụng"
RulebookId = Literal[(APPLYING, *installed())]  # type: ignore[valid-type]  # a drop-down in the form
#: how the schema of an optional text reads
TEXT = WithJsonSchema({"type": "string"})


def field(title: str, description: str, **checks: Any) -> Any:
    """A field of the form, which would otherwise be titled by the parameter's name."""
    return Field(json_schema_extra={"title": title, "description": description}, **checks)


PeriodField = Annotated[str, field("Kỳ", "Năm và quý, như 2022-Q1", pattern=r"^20\d\d-Q[1-4]$")]
RulebookField = Annotated[
    RulebookId | None,
    WithJsonSchema({"type": "string", "enum": [APPLYING, *installed()]}),
    field("Quy định", "Khác quy định đang áp dụng thì chỉ là phương án, không thay bản chính"),
]
StrictField = Annotated[bool, field("Dừng khi có lỗi", "Không công bố nếu có bất kỳ lỗi nào trong số liệu")]


def chosen(rulebook: str | None) -> str | None:
    """The id to choose by; None for the applying rulebook."""
    return None if rulebook in (APPLYING, None, "") else rulebook
