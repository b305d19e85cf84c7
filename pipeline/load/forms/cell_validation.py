"""Data validation of input cells: what Excel checks while a form is filled in."""

from __future__ import annotations

from openpyxl.worksheet.datavalidation import DataValidation

from schemas.forms import FormColumn

#: Excel's number of 1990-01-01; documents on administrative procedures are not older
_FIRST_DAY = 32874
#: the highest total score of the rulebooks
_MOST_TOTAL = 18.0


def column_validation(column: FormColumn, choices: str) -> DataValidation | None:
    """The validation of a column's cells; None: any text is allowed. `choices`: range of its drop-down, "" for none."""
    if choices:
        check = DataValidation("list", formula1=choices, allow_blank=True)
        check.errorStyle = "stop" if column.kind == "choice" else "warning"
        return _with_message(check, f"Chọn “{column.header}” trong danh sách.")
    if column.kind == "count":
        check = DataValidation("whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
        return _with_message(check, "Nhập số nguyên không âm; không có thông tin thì để trống.")
    if column.kind == "points" and column.most is not None:
        return score_validation(column.most)
    if column.kind == "score":
        return score_validation(_MOST_TOTAL)
    return date_validation() if column.kind == "date" else None


def score_validation(most: float) -> DataValidation:
    """A score from 0 to `most`."""
    check = DataValidation("decimal", operator="between", formula1="0", formula2=f"{most:g}", allow_blank=True)
    return _with_message(check, f"Nhập điểm từ 0 đến {most:g}.")


def appraisal_validation(points: tuple[str, ...], most: float) -> DataValidation:
    """The points of the options to choose from, else a score up to `most`.

    Other entries give a warning only: ids and texts of options are read too.
    """
    if points:
        check = DataValidation("list", formula1=f'"{",".join(points)}"', allow_blank=True)
        choices = ", ".join(points)
        _with_message(
            check, f"Tiêu chí này có các mức: {choices} điểm (cũng nhận mã mức, nội dung mức ở sheet Danh mục)."
        )
    else:
        check = score_validation(most)
    check.errorStyle = "warning"
    return check


def date_validation() -> DataValidation:
    """A date from 1990 on."""
    check = DataValidation("date", operator="greaterThanOrEqual", formula1=str(_FIRST_DAY), allow_blank=True)
    return _with_message(check, "Nhập ngày/tháng/năm.")


def _with_message(check: DataValidation, text: str) -> DataValidation:
    """The validation with the message that Excel shows for other entries."""
    check.errorTitle, check.error, check.showErrorMessage = "Kiểm tra ô nhập", text, True
    return check
