"""What Excel itself checks while an analyst types into a form: lists, whole numbers, scores, dates."""

from __future__ import annotations

from openpyxl.worksheet.datavalidation import DataValidation

from schemas.forms import FormColumn

#: Excel's number of 1990-01-01: no document of the procedures' reform is older.
_FIRST_DAY = 32874


def validation(column: FormColumn, words: str) -> DataValidation | None:
    """The check of a column's cells; `words`: the range of its drop-down, if it has one. None: any text goes."""
    if words:
        check = DataValidation("list", formula1=words, allow_blank=True)
        check.errorStyle = "stop" if column.kind == "choice" else "warning"
        return _explained(check, f"Chọn “{column.header}” trong danh sách.")
    if column.kind == "count":
        check = DataValidation("whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
        return _explained(check, "Nhập số nguyên không âm; không có thông tin thì để trống.")
    if column.kind == "score":
        check = DataValidation("decimal", operator="between", formula1="0", formula2="18", allow_blank=True)
        return _explained(check, "Nhập điểm từ 0 đến 18.")
    return date_check() if column.kind == "date" else None


def appraisal_check(points: tuple[str, ...], most: float) -> DataValidation:
    """Points of the options to choose from, else any score up to `most`. A warning: option texts are read as well."""
    if points:
        check = DataValidation("list", formula1=f'"{",".join(points)}"', allow_blank=True)
        said = f"Tiêu chí này có các mức: {', '.join(points)} điểm (cũng nhận mã mức, nội dung mức ở sheet Danh mục)."
    else:
        check = DataValidation("decimal", operator="between", formula1="0", formula2=f"{most:g}", allow_blank=True)
        said = f"Nhập điểm từ 0 đến {most:g}."
    check.errorStyle = "warning"
    return _explained(check, said)


def date_check() -> DataValidation:
    """A date a document of the reform can bear."""
    check = DataValidation("date", operator="greaterThanOrEqual", formula1=str(_FIRST_DAY), allow_blank=True)
    return _explained(check, "Nhập ngày/tháng/năm.")


def _explained(check: DataValidation, text: str) -> DataValidation:
    check.errorTitle, check.error, check.showErrorMessage = "Kiểm tra ô nhập", text, True
    return check
