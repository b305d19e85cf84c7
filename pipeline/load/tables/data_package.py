"""datapackage.json of a revision: what its tables mean, for other programs (https://datapackage.org, version 2).

The CSV files are the tables that are described. `du-lieu/` repeats them with their types: a Parquet file a table, and
one JSON document with all of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from pipeline.load.content.frame_rows import report_field
from pipeline.load.tables.published_tables import published_tables
from pipeline.load.tables.table_schema import nullable_columns, table_schema
from pipeline.load.tables.table_texts import table_texts
from pipeline.load.tables.typed_files import json_tables, parquet_table
from pipeline.publish.fingerprint import sha256
from pipeline.publish.text_differences import PACKAGE_FILE, TYPED_FOLDER
from pipeline.result import Scored, Stamp

#: the JSON document with all tables
JSON_FILE: Final = f"{TYPED_FOLDER}tat-ca-bang.json"
_PROFILES: Final = "https://datapackage.org/profiles/2.0"
_TEXT: Final = (
    "Các bảng số liệu của một bản đã công bố. Ô trống là không có giá trị. Tệp CSV: UTF-8 có BOM, dấu phẩy giữa các ô; "
    "chữ bắt đầu bằng =, +, -, @ có thêm dấu ' ở đầu, dấu chấm phẩy viết là ；, chỗ xuống dòng viết là ⏎. Tệp Parquet "
    "và JSON trong du-lieu/ là các bảng đó với nguyên văn chữ; chữ trống là chuỗi rỗng, số trống là null. Cột có "
    "personalData ghi họ tên người: không đưa lên trang công khai."
)


def data_package(scored: Scored, stamp: Stamp, csv_files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Path inside the revision -> bytes: the description, a Parquet file a table, the JSON document.

    `csv_files`: the CSV files of all published tables, by file name.
    """
    tables = published_tables(scored)
    facts = _facts(scored, stamp)
    typed = {
        f"{TYPED_FOLDER}{name}.parquet": parquet_table(frame, nullable_columns(name)) for name, frame in tables.items()
    }
    document = json_tables(facts, tables)
    resources = [_csv_resource(name, csv_files[f"{name}.csv"]) for name in tables]
    resources += [_typed_resource(path, data, "parquet") for path, data in typed.items()]
    resources.append(_typed_resource(JSON_FILE, document, "json"))
    package = {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": f"tthc-{scored.checked.period}-{stamp.revision}".lower(),
        "title": f"Chấm điểm giải quyết thủ tục hành chính {scored.checked.period.name}, bản {stamp.revision}",
        "description": _TEXT,
        "version": stamp.revision,
        **facts,
        "resources": resources,
    }
    description = f"{json.dumps(package, ensure_ascii=False, indent=2)}\n".encode()
    return {PACKAGE_FILE: description, **typed, JSON_FILE: document}


def _facts(scored: Scored, stamp: Stamp) -> dict[str, Any]:
    book = scored.rulebook
    return {
        "office": report_field(scored.checked, "issuing_body"),
        "period": str(scored.checked.period),
        "revision": stamp.revision,
        "alternative": stamp.alternative,
        "rulebook": {"id": book.id, "title": book.title} if book is not None else None,
    }


def _csv_resource(name: str, data: bytes) -> dict[str, Any]:
    text = table_texts().tables[name]
    return {
        "$schema": f"{_PROFILES}/dataresource.json",
        "name": name,
        "type": "table",
        "title": text.title,
        "description": text.text,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n", "header": True},
        **_content(data),
        "schema": table_schema(name),
    }


def _typed_resource(path: str, data: bytes, kind: str) -> dict[str, Any]:
    """A file that repeats what is described: without a schema of its own.

    A Parquet file has no `bytes`: frictionless-py 5 reads it by another library, counts none and refuses it.
    """
    name = path.removeprefix(TYPED_FOLDER)
    table = name.removesuffix(".parquet")
    media = {"parquet": "application/vnd.apache.parquet", "json": "application/json"}
    text = f"Bảng {table}, cột và kiểu như {table}.csv" if kind == "parquet" else "Mọi bảng, cột như các tệp CSV"
    content = _content(data)
    if kind == "parquet":
        del content["bytes"]
    return {"name": name, "description": text, "path": path, "format": kind, "mediatype": media[kind], **content}


def _content(data: bytes) -> dict[str, Any]:
    return {"bytes": len(data), "hash": f"sha256:{sha256(data)}"}
