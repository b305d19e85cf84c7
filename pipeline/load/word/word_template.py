"""A Word template filled with the values of a paper: Jinja in the paragraphs and tables of a .docx file (docxtpl).

A template may be an office's own: it is filled in Jinja's sandbox, and whatever is wrong in it is an `UnfillableError`
with the text around the place. Values are escaped for XML, so that a text of an export cannot become a field.

Importing docxtpl takes a fifth of a second: import this module only where a paper is written.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any, Final, cast

from docx.opc.pkgwriter import PackageWriter
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError, TemplateAssertionError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from markupsafe import Markup

from pipeline.load.charts.emf import EmfImage
from pipeline.load.content.sentences import lower_first, upper_first
from pipeline.load.report.templating import PLAIN_FILTERS
from pipeline.load.word.images import add_images, image_run
from pipeline.load.word.table_grid import divide_tall_rows, fit_tables, remove_last_blank
from pipeline.load.zip_bytes import zip_bytes
from pipeline.text import xml_text

#: size limit in bytes of what a template unpacks to
_MOST_UNPACKED: Final = 100_000_000
#: most letters of the text around a fault
_MOST_AROUND: Final = 120
_XML_TAG: Final = re.compile(r"<[^<>]+>")
_NO_NAME: Final = re.compile(r"'([^']+)' is undefined|has no attribute '([^']+)'")
_NO_FILTER: Final = re.compile(r"No (?:filter|test) named '([^']+)'")


class UnfillableError(Exception):
    """A template that cannot be filled. The message is Vietnamese: what is wrong, and the text around it."""


def fill_template(template: bytes, context: Mapping[str, object], title: str, about: str, day: dt.date) -> bytes:
    """The .docx file: the template with the values of `context`. The same input gives the same bytes.

    `title`, `about`, `day`: the file's properties (title, remark, date). Raises UnfillableError.
    """
    _require_word_file(template)
    paper: Any = _Paper(io.BytesIO(template))
    images: list[EmfImage] = []
    try:
        paper.render(dict(context), _environment(images), autoescape=True)
        add_images(paper.docx.part, images)
    except UnfillableError:
        raise
    except Exception as error:  # an edited template can make docxtpl and lxml raise anything
        raise UnfillableError(f"không lập được văn bản từ mẫu ({_one_line(error)})") from None
    properties = paper.docx.core_properties
    properties.title, properties.comments = xml_text(title), xml_text(about)
    properties.author = properties.last_modified_by = properties.keywords = properties.subject = ""
    properties.revision = 1
    properties.created = properties.modified = dt.datetime.combine(day, dt.time())
    return zip_bytes(_entries(paper.docx.part.package))


def _entries(package: Any) -> dict[str, bytes]:
    """Entry name -> content of a Word file, as python-docx writes it, but without a clock and a first archive."""
    entries, writer = _Entries(), cast(Any, PackageWriter)
    for part in package.parts:
        part.before_marshal()
    writer._write_content_types_stream(entries, package.parts)
    writer._write_pkg_rels(entries, package.rels)
    writer._write_parts(entries, package.parts)
    return entries


class _Entries(dict[str, bytes]):
    """Takes the place of python-docx's archive."""

    def write(self, place: Any, content: bytes) -> None:
        """Add an entry. `place`: the part's name in the package."""
        self[place.membername] = content


def _environment(images: list[EmfImage]) -> SandboxedEnvironment:
    """The environment of a paper. `images`: those that are printed are added to it."""

    def printable(value: object) -> str:
        if isinstance(value, EmfImage):
            images.append(value)
            return Markup(image_run(value, len(images)))
        return _printable(value)

    env = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True, finalize=printable)
    env.filters.update(PLAIN_FILTERS)
    env.filters.update({"lower_first": lower_first, "upper_first": upper_first})
    return env


def _printable(value: object) -> str:
    """The value as text for XML; a blank before and behind it stays (`{{ ", " if not loop.last }}`)."""
    text = str(value)
    return f"{' ' * text[:1].isspace()}{xml_text(text)}{' ' * text[-1:].isspace()}" if text.strip() else text[:1]


def _require_word_file(data: bytes) -> None:
    """Raise UnfillableError for bytes that are no .docx file, or one that opens other files."""
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise UnfillableError("tệp là .doc cũ hoặc có mật khẩu: mở bằng Word, lưu lại thành .docx không mật khẩu")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_UNPACKED:
                raise UnfillableError("nội dung tệp quá lớn")
            archive.getinfo("word/document.xml")
            links = [archive.read(n) for n in archive.namelist() if n.endswith(".rels")]
    except (zipfile.BadZipFile, KeyError, RuntimeError, OSError, EOFError):
        raise UnfillableError("tệp không phải là tệp Word .docx, hoặc đã hỏng") from None
    if any(_opens_other_files(link) for link in links):
        raise UnfillableError("tệp liên kết với tệp khác (ảnh hoặc mẫu ở ngoài): chèn ảnh vào trong tệp, bỏ liên kết")


def _opens_other_files(relationships: bytes) -> bool:
    """Whether the relationships of a part name a file outside the archive; links to web pages are none."""
    try:
        root = etree.fromstring(relationships, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        raise UnfillableError("tệp không phải là tệp Word .docx, hoặc đã hỏng") from None
    return any(
        r.get("TargetMode") == "External" and not str(r.get("Type")).endswith("/hyperlink") for r in root.iter("{*}*")
    )


class _Paper(DocxTemplate):  # type: ignore[misc]  # docxtpl has no types
    """docxtpl with faults that name their place, and with tables that keep their width."""

    def init_docx(self, reload: bool = True) -> None:
        """Open the template. Raises UnfillableError."""
        try:
            super().init_docx(reload)
        except (KeyError, ValueError, etree.XMLSyntaxError):
            raise UnfillableError("tệp không phải là tệp Word .docx, hoặc đã hỏng") from None

    def render_xml_part(self, src_xml: str, part: Any, context: dict[str, Any], jinja_env: Any = None) -> str:
        """The text of a part (body, header, footer) with the values. Raises UnfillableError."""
        lines = re.sub(r"<w:p([ >])", r"\n<w:p\1", src_xml).splitlines()
        try:
            return str(super().render_xml_part(src_xml, part, context, jinja_env))
        except Exception as error:  # an edited template can call a filter with anything
            number = error.lineno if isinstance(error, TemplateSyntaxError) else _template_line(error)
            raise UnfillableError(_fault_text(error, _text_around(lines, number))) from None

    def fix_tables(self, xml: str) -> Any:
        """The body as a tree. Raises UnfillableError for tags that open and close in different paragraphs or rows."""
        try:
            tree = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, huge_tree=True))
        except etree.XMLSyntaxError:
            raise UnfillableError(
                "có thẻ mở ở đoạn (hoặc hàng) này mà đóng ở đoạn (hoặc hàng) khác: thẻ {%p …%} đứng riêng một đoạn, "
                "thẻ {%tr …%} đứng riêng một hàng, thẻ {%tc …%} đứng riêng một ô"
            ) from None
        fit_tables(tree)
        divide_tall_rows(tree)
        remove_last_blank(tree)
        return tree

    def render_properties(self, context: dict[str, Any], jinja_env: Any = None) -> None:
        """Nothing: `fill_template` sets the properties."""


def _template_line(error: Exception) -> int:
    """The line of the template in which a value could not be printed, from 1; 0 if unknown."""
    trace, line = error.__traceback__, 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _text_around(lines: list[str], number: int) -> str:
    """The text of a line of the template, or of the nearest line before it that has text."""
    for line in reversed(lines[: max(number, 0)]):
        text = " ".join(_XML_TAG.sub("", line).split())
        if text:
            return text if len(text) <= _MOST_AROUND else f"{text[:_MOST_AROUND]} …"
    return ""


def _fault_text(error: Exception, around: str) -> str:
    message = str(error)
    name, no_filter = _NO_NAME.search(message), _NO_FILTER.search(message)
    if isinstance(error, UndefinedError) and name:
        what = f"không có trường “{name[1] or name[2]}”"
    elif isinstance(error, TemplateAssertionError) and no_filter:
        what = f"không có bộ lọc “{no_filter[1]}”"
    elif isinstance(error, SecurityError):
        what = "có lệnh không được phép trong mẫu"
    elif isinstance(error, TemplateSyntaxError):
        what = f"thẻ viết sai, hoặc thiếu thẻ đóng ({_one_line(error)})"
    else:
        what = f"không in được một giá trị ({_one_line(error)})"
    return f"{what}, ở đoạn “{around}”" if around else what


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:_MOST_AROUND] or type(error).__name__
