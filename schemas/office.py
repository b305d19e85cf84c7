"""The office's own file (data/reference/office.toml): who scores, by which rulebook, and what stands in every report.

Everything but name and province may be left out. Text is as printed in the report; a list is one line an entry.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictStr, model_validator

from schemas.provinces import province_named
from schemas.rulebook import UNKNOWN_CLASS, ClassBand, ClassTable


def _lines(value: object) -> object:
    """A text of several lines may be written as one text or as a list of its lines."""
    return tuple(value.splitlines()) if isinstance(value, str) else value


#: text of one line
Line = StrictStr
#: lines, each as it is printed
Lines = Annotated[tuple[StrictStr, ...], BeforeValidator(_lines)]


class OfficePart(BaseModel):
    """Base of every part of the file. Unknown keys are refused, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, arbitrary_types_allowed=True)


class LevelWords(OfficePart):
    """How a level is named in the papers. The keys are those of `per_level` fields in forms.toml."""

    form_unit: Line = ""  # tên đơn vị trên Biểu mẫu 03
    unit_group: Line = ""  # tên nhóm đơn vị trong bảng kết quả
    disclosure_note: Line = ""  # ghi chú về công khai TTHC trên Biểu mẫu 03


class ReportWords(OfficePart):
    """Letterhead, signature and recipients. The keys are those of the fields in forms.toml."""

    superior_body: Line = ""  # cơ quan chủ quản, nhận báo cáo
    issuing_body: Line = ""  # cơ quan ban hành; "": the office's name
    area_name: Line = ""  # tên địa bàn
    place: Line = ""  # địa danh ghi trên báo cáo
    on_behalf: Lines = ()  # "TM. ỦY BAN NHÂN DÂN"
    signer_title: Lines = ()  # "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"
    signer: Line = ""  # họ tên người ký
    addressees: Line = ""  # văn bản triển khai gửi đến
    recipients: Lines = ()  # nơi nhận


class LegalBasis(OfficePart):
    """A document that every report names: its basis, or a guidance that remains in force."""

    role: Literal["basis", "guidance"]
    title: Line  # "Quyết định"
    number: Line  # "1187/QĐ-UBND"
    issued_on: dt.date | None = None
    issuer: Line = ""
    subject: Line = ""


def _number(value: object) -> object:
    """A threshold as typed: `9`, `9.5`, `"9,5"` -> Fraction. A decimal of TOML is taken as it is written."""
    if isinstance(value, bool):
        raise ValueError("no number")
    text = str(value).strip().replace(",", ".")
    if "/" in text:
        raise ValueError("a threshold is a number, no fraction")
    return Fraction(text)


class ClassThreshold(OfficePart):
    """A class and the figure it begins at; it ends below the next class."""

    name: Line = Field(min_length=1)
    at_least: Annotated[Fraction, BeforeValidator(_number)] = Field(alias="from", ge=0)


class OfficeClasses(OfficePart):
    """The office's own table of classes. `decision`: the document that sets it, as printed under the table.

    `basis`: the figure of a unit that is judged. Below the lowest threshold no class is known.
    """

    basis: Literal["officer_average", "total"]
    decision: Line = Field(min_length=1)
    bands: tuple[ClassThreshold, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        if len({band.name.casefold() for band in self.bands}) != len(self.bands):
            raise ValueError("a class is named twice")
        if len({band.at_least for band in self.bands}) != len(self.bands):
            raise ValueError("two classes begin at one figure")
        return self

    @property
    def table(self) -> ClassTable:
        """The classes as a rulebook's table, the highest first."""
        ordered = sorted(self.bands, key=lambda band: band.at_least, reverse=True)
        ends = [None, *(band.at_least for band in ordered)]
        bands = [
            ClassBand(label=band.name, at_least=band.at_least, up_to=end)
            for band, end in zip(ordered, ends, strict=False)
        ]
        return ClassTable(basis=self.basis, citation=self.decision, otherwise=UNKNOWN_CLASS, bands=bands)


class Office(OfficePart):
    """One office that scores its units.

    `levels`: id of a level of the registry (`huyen`, `xa`) -> its words; the keys say which levels the office has.
    """

    name: Line = Field(min_length=1)
    province: Annotated[Line, AfterValidator(province_named)]
    rulebook: Line = ""  # id; "": the one in force for the province
    levels: dict[str, LevelWords] = Field(default_factory=dict)
    report: ReportWords = Field(default_factory=ReportWords)
    documents: tuple[LegalBasis, ...] = ()
    classes: OfficeClasses | None = None  # bảng mức phân loại của cơ quan
