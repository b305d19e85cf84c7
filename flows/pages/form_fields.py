"""The fields of the forms in Prefect's pages, with title and description in Vietnamese.

Prefect shows an optional text as two buttons named after Python types, and rejects a missing value if only a text is
allowed. So the schema declares optional fields as texts that have a default value.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from pipeline.rulebooks import installed

#: the default choice: the rulebook in force on the last day of the period
APPLYING = "đang áp dụng"
RulebookId = Literal[(APPLYING, *installed())]  # type: ignore[valid-type]  # a drop-down list in the form
#: JSON schema of an optional text
TEXT = WithJsonSchema({"type": "string"})

#: a text that has to be filled in: at least one character that is not a space
FILLED_IN = r"\S"


def form_field(title: str, description: str, **checks: Any) -> Any:
    """A pydantic field with a title in the form, instead of the parameter's name. `checks`: pydantic's constraints."""
    return Field(json_schema_extra={"title": title, "description": description}, **checks)


PeriodField = Annotated[str, form_field("Kỳ", "Năm và quý, như 2022-Q1", pattern=r"^20\d\d-Q[1-4]$")]
AnyPeriodField = Annotated[
    str,
    form_field("Kỳ", "Quý như 2022-Q1; nửa năm như 2022-H1; năm như 2022", pattern=r"^20\d\d(-Q[1-4]|-H[12])?$"),
]
#: a period that the run itself checks: Prefect's own refusal is an English notice that shows the pattern
PeriodText = Annotated[str, form_field("Kỳ", "Năm và quý, như 2022-Q1", pattern=FILLED_IN, max_length=40)]
RulebookField = Annotated[
    RulebookId | None,
    WithJsonSchema({"type": "string", "enum": [APPLYING, *installed()]}),
    form_field("Quy định", "Khác quy định đang áp dụng thì chỉ là phương án, không thay bản chính"),
]
RevisionField = Annotated[str, form_field("Bản", "Như r1: tên thư mục của bản trong out/‹kỳ›", max_length=100)]
RequesterField = Annotated[str, form_field("Người yêu cầu", "Họ tên hoặc bộ phận", pattern=FILLED_IN, max_length=200)]
StrictField = Annotated[bool, form_field("Dừng khi có lỗi", "Không công bố nếu có bất kỳ lỗi nào trong số liệu")]


def rulebook_id(rulebook: str | None) -> str | None:
    """The id of the chosen rulebook; None for the rulebook in force."""
    return None if rulebook in (APPLYING, None, "") else rulebook
