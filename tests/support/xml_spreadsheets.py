"""XML Spreadsheet 2003 files, as portals and Excel write them."""

import io
from xml.sax.saxutils import escape

import openpyxl

_HEAD = (
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:html="http://www.w3.org/TR/REC-html40">'
)


def text_of_rows(rows: str, styles: str = "", columns: str = "", options: str = "", sheet: str = "S") -> str:
    """A file of one sheet with the given `Row` elements."""
    return (
        f'{_HEAD}<Styles>{styles}</Styles><Worksheet ss:Name="{sheet}"><Table>{columns}{rows}</Table>'
        f'<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">{options}</WorksheetOptions>'
        "</Worksheet></Workbook>"
    )


def of_rows(rows: str, **parts: str) -> bytes:
    """`text_of_rows` in UTF-8."""
    return text_of_rows(rows, **parts).encode()


def cell(value: object, **attributes: object) -> str:
    """A `Cell` element of a number, a text or nothing. `attributes`: `Index=3` for `ss:Index="3"`."""
    start = " ".join(["<Cell", *(f'ss:{name}="{x}"' for name, x in attributes.items())])
    if value is None:
        return f"{start}/>"
    kind = "Number" if isinstance(value, int | float) else "String"
    return f'{start}><Data ss:Type="{kind}">{escape(str(value))}</Data></Cell>'


def of_workbook(data: bytes) -> bytes:
    """The first sheet of an .xlsx as an XML Spreadsheet: blank cells are left out, merged cells kept."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    merged = {(m.min_row, m.min_col): m for m in sheet.merged_cells.ranges}
    rows = []
    for line in sheet.iter_rows():
        cells = []
        for at in line:
            span = merged.get((at.row, at.column))
            if at.value is not None:
                across, down = (span.max_col - at.column, span.max_row - at.row) if span else (0, 0)
                spans = {"MergeAcross": across, "MergeDown": down}
                cells.append(cell(at.value, Index=at.column, **{k: v for k, v in spans.items() if v}))
        if cells:
            rows.append(f'<Row ss:Index="{line[0].row}">{"".join(cells)}</Row>')
    return of_rows("".join(rows), sheet=sheet.title)
