"""The analysts' and units' forms as data: the writer of blank forms and their reader share one definition."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.measures import COUNT_NAMES, SUPPLEMENT_NAMES

#: What a column's cells hold. `stt` (row number) and `unit` lead a row; `rulebook`, `criterion`, `option` name parts of
#: a rulebook; an `appraisal` is points or an option of the row's criterion; `points`
#: are those that another system published.
ColumnKind = Literal[
    "stt",
    "unit",
    "count",
    "choice",
    "text",
    "date",
    "score",
    "figure",
    "points",
    "measure",
    "rulebook",
    "criterion",
    "option",
    "appraisal",
    "field",
]
#: Which frame of `schemas.frames` a sheet is read into; `info` sheets carry no input, `carried` lists what the program
#: filled in from an earlier quarter.
SheetTarget = Literal[
    "supplement",
    "assessments",
    "officers",
    "documents",
    "report_fields",
    "corrections",
    "replacements",
    "explanations",
    "printed",
    "printed_figures",
    "carried",
    "appraisals",
    "class_decisions",
    "portal_points",
    "return",
    "info",
]
#: Prepared rows. units: one for each level and unit; criteria: one for each level or unit and criterion of the rulebook
#: in force; fields: one for each field; list: empty rows; unit: the lines of `pipeline.forms.unit_sheet_lines`.
SheetLayout = Literal["units", "criteria", "fields", "list", "unit", "info"]
#: The list of words a column may hold, by name: the words are in `schemas.measures` and forms.toml.
WordList = Literal["", "disclosure", "counts", "measures", "roles", "late", "reasons", "opinions", "recounts"]


class FormPart(BaseModel):
    """Base of every part of forms.toml. Unknown keys are refused, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FormColumn(FormPart):
    """One column of a form. The reader finds it by its header or an alias, never by position."""

    key: str
    header: str = Field(min_length=1)
    help: str = Field(min_length=1)  # the header's comment
    kind: ColumnKind
    band: str = ""  # heading above a group of columns
    aliases: list[str] = Field(default_factory=list)
    choices: WordList = ""
    required: bool = False  # a filled row must have it
    item: str = ""  # supplement: the measure it feeds, when not `key`
    width: float = 12  # characters
    carries_over: bool = False  # rarely changes: filled in from an earlier quarter, to be confirmed
    shown_with: str = ""  # supplement: shown where the rulebook looks at that measure, though not at the column's own
    most: float | None = None  # points: the highest that Excel lets in
    prefilled: bool = False  # the writer may fill it in, locked: alone it makes no entry

    @property
    def feeds(self) -> str:
        """The supplement item the column feeds; several columns may feed one (then `part` is the key)."""
        return self.item or self.key


class FormSheet(FormPart):
    """One sheet. The reader finds it by its code in the title cell (`BIỂU BS-01 · … · Kỳ 2022-Q1`)."""

    code: str = Field(pattern=r"^[A-Z]{2}-\d{2}$")
    name: str = Field(max_length=31)  # Excel's limit
    title: str
    target: SheetTarget
    layout: SheetLayout
    lead: str = ""  # a line of instruction under the title
    names_rulebook: bool = False  # a cell above the table names the rulebook it was scored by
    one_unit: bool = False  # a cell above the table names the unit that all of it is about
    #: what a rulebook has to have for the sheet to be made: options to choose, classes of officers, published points
    needs: Literal["", "options", "officers", "published"] = ""
    #: the columns that a rulebook adds, one for each name of published points: of its groups and total, of its criteria
    published: Literal["", "groups", "criteria"] = ""
    spare_rows: int = 0  # empty rows below the prepared ones
    like: str = ""  # the code of the sheet whose columns these are …
    omit: list[str] = Field(default_factory=list)  # … but for these keys
    columns: list[FormColumn] = Field(default_factory=list)
    lines: list[str] = Field(default_factory=list)  # info sheets: their text
    option_lines: list[int] = Field(default_factory=list)  # numbers of the lines that need criteria by option
    tells_rule: bool = False  # info sheets: the rule of appraisals follows the text

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if len({c.key for c in self.columns}) != len(self.columns):
            raise ValueError(f"{self.code}: column keys repeat")
        if bool(self.columns) == (self.layout == "info"):
            raise ValueError(f"{self.code}: a table has columns, an info sheet has none")
        if self.target == "supplement":
            unknown = [c.feeds for c in self.columns if c.kind == "count" and c.feeds not in SUPPLEMENT_NAMES]
            if unknown:
                raise ValueError(f"{self.code}: unknown measures {unknown}")
        return self

    def column(self, key: str) -> FormColumn:
        """The column of that key. KeyError if there is none."""
        found = next((c for c in self.columns if c.key == key), None)
        if found is None:
            raise KeyError(key)
        return found

    @property
    def prepared(self) -> frozenset[str]:
        """Keys of the columns that the writer fills in: a row with nothing else filled is no entry."""
        leading = {"units": {"stt", "unit"}, "criteria": {"stt", "unit", "criterion"}, "fields": {"stt", "field"}}
        kinds = leading.get(self.layout, {"stt"})
        return frozenset(c.key for c in self.columns if c.kind in kinds or c.prefilled)


class Form(FormPart):
    """One workbook: its file name, its title and its sheets in order."""

    id: str
    file: str
    title: str
    sheets: list[FormSheet]


class ReportField(FormPart):
    """A field of the sheet “Thông tin báo cáo”: a fact of the report that no count gives."""

    key: str
    label: str
    help: str
    kind: Literal["text", "date"] = "text"
    per_level: bool = False  # one row for each level; the field is then `key:level`
    carries_over: bool = False  # rarely changes: filled in from an earlier quarter, to be confirmed
    rows: int = Field(default=1, ge=1)  # above 1: may be repeated, this many rows are prepared
    lines: bool = False  # the line breaks inside its cell are kept


class FormCatalogue(FormPart):
    """forms.toml: every form, the fields of the report and the lists of words they accept."""

    roles: dict[str, str]  # of a document -> its Vietnamese name
    reasons: dict[str, str]  # of late dossiers -> words that follow "do" in a sentence
    opinions: dict[str, str]  # of the appraiser
    recounts: dict[str, str]  # measure that an accepted explanation moves dossiers to -> its name
    carried_roles: list[str]  # roles of documents that stay in force from quarter to quarter
    whole_area: list[str]  # names for both levels together, in what a document printed
    appraisal_rule: list[str]  # which of self-score, computed score and appraisal the report uses, in words
    fields: list[ReportField]
    forms: list[Form]
    unit_form: Form  # made once for every unit, returned by it

    @model_validator(mode="before")
    @classmethod
    def _take_columns(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Copies the columns of another sheet, without those omitted, to a sheet that is `like` it."""
        columns = {s["code"]: s.get("columns", []) for f in data["forms"] for s in f["sheets"]}
        unit_form = data["unit_form"]
        sheets = [
            {**s, "columns": [c for c in columns[s["like"]] if c["key"] not in s.get("omit", [])]} if "like" in s else s
            for s in unit_form["sheets"]
        ]
        return {**data, "unit_form": {**unit_form, "sheets": sheets}}

    @model_validator(mode="after")
    def _unique(self) -> Self:
        codes = [s.code for f in (*self.forms, self.unit_form) for s in f.sheets]
        if len(set(codes)) != len(codes):
            raise ValueError("sheet codes repeat")
        if unknown := set(self.recounts) - set(COUNT_NAMES):
            raise ValueError(f"recounts: unknown measures {sorted(unknown)}")
        return self

    def sheet(self, code: str) -> FormSheet | None:
        """The sheet of that code; None if there is none."""
        return next((s for f in (*self.forms, self.unit_form) for s in f.sheets if s.code == code), None)
