"""The page of a review begins with what to do, as Markdown that shows every sign as it is written."""

from flows.pages.todo_page import todo_page
from pipeline.load.review.review_summary import ReviewSummary
from pipeline.load.review.todo_list import TodoLine
from schemas.frames import ReturnsStatus


def summary(count: int) -> ReviewSummary:
    lines = tuple(TodoLine(f"Việc *{n}*", f"a_{n}.xlsx › C{n}", "Sửa ô.", "2 đơn vị chờ") for n in range(count))
    return ReviewSummary(lines, ("Đơn vị: 3 sẵn sàng.", "Điểm: 1.", "Chưa ký được: x."), ReturnsStatus.empty())


def test_the_list_comes_first_then_the_state() -> None:
    page = todo_page(summary(2), "quý I năm 2022").splitlines()
    assert page[0] == "# Việc cần làm, quý I năm 2022"
    items = [line for line in page if line[:2] in ("1.", "2.")]
    assert [line.split("\\*")[1] for line in items] == ["0", "1"] and "a_0.xlsx › C0" in items[0]
    assert sum("Cần làm: Sửa ô. Kéo theo: 2 đơn vị chờ." in line for line in page) == 2
    assert page.index("- Chưa ký được: x.") > page.index(items[1])


def test_ten_things_at_most() -> None:
    page = todo_page(summary(12), "quý I")
    assert "10. Còn 3 việc nữa" in page and "\n11. " not in page and "ket-qua-ra-soat.xlsx" in page
    assert "Không có việc nào." in todo_page(summary(0), "quý I")
