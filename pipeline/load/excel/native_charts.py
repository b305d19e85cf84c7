"""Charts of Excel over cells of the same sheet: horizontal bars that can be told apart in grey print.

Each series has its own pattern and its values as labels: no meaning is in a colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.colors import ColorChoice
from openpyxl.drawing.fill import PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.drawing.text import RichTextProperties as BodyProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.load.excel.styles import FONT
from pipeline.text import xml_text

#: pattern, colour of the series of a chart, in their order. Dark, light hatched and black differ in grey too
_PATTERNS: Final = (("", "2F6F4F"), ("ltUpDiag", "2F6F4F"), ("", "000000"))
#: hundredths of a point
_TITLE_SIZE, _TEXT_SIZE = 1200, 900
#: share of a chart's width for the names beside its bars
_NAMES: Final = 0.43


@dataclass(frozen=True)
class ChartArea:
    """Where the values of a chart are. Rows and columns count from 1: names in the column `names`, values in the
    columns from `first` to `last`, headings in the row `head`, values in the rows after it up to `bottom`.
    """

    names: int
    first: int
    last: int
    head: int
    bottom: int


def add_bars(
    ws: Worksheet,
    anchor: str,
    title: str,
    area: ChartArea,
    *,
    size: tuple[float, float],
    shares: bool = False,
    most: float | None = None,
    number: str = "0.##",
) -> None:
    """A chart of horizontal bars, first row on top. `size`: width and height in cm; `most`: end of the axis.

    `shares`: the values of a row are stacked to 100%.
    """
    chart: Any = BarChart()
    chart.type, chart.gapWidth = "bar", 45
    if shares:
        chart.grouping, chart.overlap = "percentStacked", 100
    for position, column in enumerate(range(area.first, area.last + 1)):
        series = _series(ws, area, column)
        pattern, colour = _PATTERNS[position % len(_PATTERNS)]
        series.graphicalProperties = _filled(pattern, colour)
        if not shares:
            series.dLbls = _labels(number)
        chart.series.append(series)
    chart.x_axis.scaling.orientation, chart.x_axis.tickLblSkip = "maxMin", 1
    chart.y_axis.crosses = "max"  # the axis of values is at the bottom although the first row is on top
    chart.y_axis.scaling.min = 0
    chart.y_axis.scaling.max = most
    chart.y_axis.number_format = "0%" if shares else number
    _finish(chart, title, size, legend="b" if area.last > area.first else None)
    chart.layout = Layout(
        ManualLayout(xMode="edge", yMode="edge", layoutTarget="inner", x=_NAMES, y=0.22, w=0.6, h=0.58)
    )
    ws.add_chart(chart, anchor)


def add_line(ws: Worksheet, anchor: str, title: str, area: ChartArea, *, size: tuple[float, float]) -> None:
    """A line over the rows of one column of values, each point labelled. `size`: width and height in cm."""
    chart: Any = LineChart()
    series = _series(ws, area, area.first)
    series.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill="000000", w=22000))
    series.marker.symbol, series.marker.size = "circle", 7
    series.smooth = False
    series.dLbls = _labels("0.##", position="t")
    chart.series.append(series)
    chart.y_axis.number_format = "0.##"
    _finish(chart, title, size, legend=None)
    ws.add_chart(chart, anchor)


def _series(ws: Worksheet, area: ChartArea, column: int) -> Any:
    values = Reference(ws, min_col=column, min_row=area.head, max_row=area.bottom)
    series: Any = Series(values, title_from_data=True)
    series.cat = _categories(ws, area)
    return series


def _categories(ws: Worksheet, area: ChartArea) -> Any:
    names = Reference(ws, min_col=area.names, min_row=area.head + 1, max_row=area.bottom)
    return AxDataSource(strRef=StrRef(f=str(names)))


def _filled(pattern: Any, colour: str) -> Any:
    line = LineProperties(solidFill="000000", w=6350)
    if not pattern:
        return GraphicalProperties(solidFill=colour, ln=line)
    properties: Any = GraphicalProperties(ln=line)
    properties.pattFill = PatternFillProperties(prst=pattern)
    properties.pattFill.fgClr, properties.pattFill.bgClr = _colour(colour), _colour("FFFFFF")
    return properties


def _colour(colour: str) -> Any:
    choice: Any = ColorChoice
    return choice(srgbClr=colour)


def _labels(number: str, position: Literal["t", "outEnd"] = "outEnd") -> DataLabelList:
    labels: Any = DataLabelList()
    labels.showVal = True
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    labels.numFmt, labels.position = number, position
    labels.txPr = _text(_TEXT_SIZE)
    return labels  # type: ignore[no-any-return]


def _finish(chart: Any, title: str, size: tuple[float, float], legend: str | None) -> None:
    chart.width, chart.height = size
    chart.title = _title(title)
    chart.style = 1
    if legend is None:
        chart.legend = None
    else:
        chart.legend.position = legend
        chart.legend.txPr = _text(_TEXT_SIZE)
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False  # openpyxl hides both otherwise
        axis.txPr = _text(_TEXT_SIZE)
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="BFBFBF", w=6350))


def _text(size: int, *, bold: bool = False) -> RichText:
    return RichText(bodyPr=BodyProperties(), p=[Paragraph(pPr=_paragraph(size, bold=bold), endParaRPr=_letters(size))])


def _title(text: str) -> Title:
    title: Any = Title()
    run = RegularTextRun(rPr=_letters(_TITLE_SIZE, bold=True), t=xml_text(text))
    title.tx = _rich(Paragraph(pPr=_paragraph(_TITLE_SIZE, bold=True), r=[run]))
    title.overlay = False
    return title  # type: ignore[no-any-return]


def _rich(paragraph: Paragraph) -> Any:
    return Text(rich=RichText(bodyPr=BodyProperties(), p=[paragraph]))


def _paragraph(size: int, *, bold: bool = False) -> ParagraphProperties:
    return ParagraphProperties(defRPr=_letters(size, bold=bold))


def _letters(size: int, *, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(sz=size, b=bold, latin=Font(typeface=FONT))
