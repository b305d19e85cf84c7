"""The empty paragraph at the end of a paper: needed after a table, an empty page after a full page of text."""

import pytest
from lxml import etree

from pipeline.load.word.table_grid import remove_last_blank

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEXT = "<w:p><w:r><w:t>a</w:t></w:r></w:p>"
BLANK = "<w:p><w:pPr><w:spacing/></w:pPr></w:p>"
SECTION = "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>"


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (TEXT + BLANK, ["p"]),
        ("<w:tbl/>" + BLANK, ["tbl", "p"]),
        (TEXT + TEXT, ["p", "p"]),
        (SECTION + BLANK, ["p", "p"]),
        (BLANK, ["p"]),
    ],
)
def test_only_a_blank_after_a_text_is_removed(body: str, left: list[str]) -> None:
    tree = etree.fromstring(f'<w:document xmlns:w="{W}"><w:body>{body}<w:sectPr/></w:body></w:document>')
    remove_last_blank(tree)
    assert [etree.QName(e).localname for e in tree[0]] == [*left, "sectPr"]
