"""The page of a revision: nothing from elsewhere, hostile names as text, its script allowed by its hash."""

import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser

from pipeline.load.charts.pictures import pictures
from pipeline.load.page.revision_page import revision_page
from pipeline.publish.text_differences import PAGE_FILE, differences
from pipeline.result import Scored, Stamp


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def page(scored: Scored, stamp: Stamp) -> str:
    return revision_page(scored, stamp, pictures(scored)).decode()


def tags(text: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(text)
    return parser.found


def test_it_names_period_revision_rulebook_and_day(city: Callable[..., Scored], stamp: Stamp) -> None:
    text = page(city(), stamp)
    assert "quý I năm 2022 (2022-Q1), từ 15/12/2021 đến 14/3/2022" in text
    assert f"<dd>{stamp.revision}, sau bản r1 – lý do: {stamp.reason}" in text
    assert "đến hết ngày 14/3/2022" in text
    assert text == page(city(), stamp)


def test_it_asks_for_nothing_and_allows_its_own_script_only(city: Callable[..., Scored], stamp: Stamp) -> None:
    text = page(city(), stamp)
    for tag, values in tags(text):
        assert tag not in {"link", "img", "iframe", "object", "form", "base"}
        assert not {"src", "srcset", "action", "onclick", "onload"} & set(values)
        href = values.get("href")
        assert href is None or href.startswith("#") or href == "../../index.html"
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = [v["content"] for t, v in tags(text) if t == "meta" and v.get("http-equiv")]
    assert policy == f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:"


def test_hostile_names_stay_text(city: Callable[..., Scored], stamp: Stamp) -> None:
    scored = city()
    hostile = "</script><script>alert(1)</script>\"'\ud800\x00\u202e"
    for frame in (scored.checked.entities, scored.unit_scores):
        frame["name"] = [hostile if i == 1 else name for i, name in enumerate(frame["name"])]
    found = tags(page(scored, stamp))
    assert sum(tag == "script" for tag, _ in found) == 1


def test_it_can_be_read_by_a_screen_reader(city: Callable[..., Scored], stamp: Stamp) -> None:
    text = page(city(), stamp)
    found = tags(text)
    names = [tag for tag, _ in found]
    assert dict(found[[t for t, _ in found].index("html")][1])["lang"] == "vi"
    assert all(names.count(tag) == 1 for tag in ("h1", "main", "nav", "header", "footer"))
    assert names.count("table") == names.count("caption")
    assert all(values.get("scope") for tag, values in found if tag == "th")
    ids = [values["id"] for _, values in found if values.get("id")]
    assert len(ids) == len(set(ids))
    assert {v["href"][1:] for t, v in found if t == "a" and (v.get("href") or "").startswith("#")} <= set(ids)


def test_officers_are_not_named(city: Callable[..., Scored], stamp: Stamp) -> None:
    assert "Công chức 1" not in page(city(), stamp)


def test_the_page_alone_is_no_other_content() -> None:
    before = {"counts.csv": b"a\n1\n"}
    after = {**before, PAGE_FILE: b"<p>", "bieu-do-xu-huong-xa.svg": b"<svg/>", "bieu-do-mat-diem-xa.svg": b"<svg/>"}
    assert list(differences(before, after)) == []
    assert list(differences(before | {"a.svg": b"<a/>"}, before | {"a.svg": b"<b/>"})) != []
