"""The data package of a revision: read back by a Parquet reader, as JSON and as CSV, and held against its description."""

import io
import json
import re
from pathlib import PurePosixPath

import pandas as pd
import pytest
from fastparquet import ParquetFile

from pipeline import quarter
from pipeline.load.tables.data_package import JSON_FILE, data_package
from pipeline.load.tables.published_tables import MODELS, published_tables
from pipeline.load.tables.table_texts import table_texts
from pipeline.publish.csv_tables import read_csv_table
from pipeline.publish.fingerprint import sha256
from pipeline.publish.text_differences import PACKAGE_FILE, differences
from schemas.frames import ReplacedCounts

REPLACED = {
    "unit_id": "u-a", "measure": "resolved_late", "old_value": 3, "new_value": None, "old_file": "=cũ; 1\n2.xlsx", "old_sheet": "S",
    "old_cell": "B2", "new_file": "", "new_sheet": "", "new_cell": "", "reason": "", "approver": "", "approved_on": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def scored(city):
    """The city with every table filled where it has a row at all."""
    found = city()
    found.unit_scores["rank"] = pd.array([1, 2, None, 1, None, None], dtype="Int64")
    row = pd.DataFrame([REPLACED]).astype(
        {c: t for c, t in ReplacedCounts.empty().dtypes.items() if str(t) in ("Int64", "str")}
    )
    object.__setattr__(found.checked, "replaced", ReplacedCounts.validate(row))
    return found


@pytest.fixture(scope="module")
def files(scored, stamp) -> dict[str, bytes]:
    tables = quarter.csv_tables(scored)
    return tables | data_package(scored, stamp, tables)


@pytest.fixture(scope="module")
def package(files) -> dict:
    return json.loads(files[PACKAGE_FILE])


@pytest.fixture(scope="module")
def tables(package) -> list[dict]:
    return [r for r in package["resources"] if r.get("type") == "table"]


def values(frame: pd.DataFrame, column: str, kind: str) -> list:
    """The cells of a column of texts, of the type that the schema names; None for an empty cell."""
    reader = {"string": str, "integer": int, "number": float, "boolean": {"true": True, "false": False}.__getitem__}
    return [None if text == "" else reader[kind](text) for text in frame[column]]


def test_every_resource_is_a_file_of_the_revision_as_described(package, files) -> None:
    assert package["$schema"].endswith("/datapackage.json")
    assert re.fullmatch(r"[-a-z0-9._/]+", package["name"])
    names, paths = ([r[key] for r in package["resources"]] for key in ("name", "path"))
    assert len(set(names)) == len(names)
    assert set(paths) == set(files) - {PACKAGE_FILE}
    for resource in package["resources"]:
        path = PurePosixPath(resource["path"])
        assert not path.is_absolute() and ".." not in path.parts
        counted = resource["format"] != "parquet"  # frictionless-py refuses a Parquet file with a number of bytes
        assert resource.get("bytes") == (len(files[resource["path"]]) if counted else None)
        assert resource["hash"] == f"sha256:{sha256(files[resource['path']])}"
        assert resource["format"] == path.suffix[1:]


def test_parquet_json_and_csv_hold_the_same_values(package, tables, files) -> None:
    document = json.loads(files[JSON_FILE])
    assert list(document["tables"]) == [t["name"] for t in tables]
    filled = 0
    for table in tables:
        name, fields = table["name"], {f["name"]: f["type"] for f in table["schema"]["fields"]}
        written = read_csv_table(files[table["path"]])
        typed = ParquetFile(io.BytesIO(files[f"du-lieu/{name}.parquet"]))
        frame, records = typed.to_pandas(), document["tables"][name]
        assert list(written.columns) == list(fields) == list(typed.columns)
        assert len(written) == len(frame) == len(records)
        filled += bool(records)
        for column, kind in fields.items():
            expected = values(written, column, kind)
            missing = "" if kind == "string" else None
            assert [r[column] for r in records] == [missing if v is None else v for v in expected], (name, column)
            cells = [None if pd.isna(v) else v for v in frame[column]]
            assert [None if v == "" else v for v in cells] == expected, (name, column)
    assert filled >= 9


def test_texts_that_a_csv_file_cannot_hold_are_exact_in_the_typed_files(files) -> None:
    frame = ParquetFile(io.BytesIO(files["du-lieu/replaced.parquet"])).to_pandas()
    assert frame["old_file"].tolist() == [REPLACED["old_file"]]
    assert json.loads(files[JSON_FILE])["tables"]["replaced"][0]["old_file"] == REPLACED["old_file"]
    assert "'=cũ； 1⏎2.xlsx" in files["replaced.csv"].decode()


def test_the_rows_keep_the_constraints_of_their_schema(tables, files) -> None:
    checked = set()
    for table in tables:
        written = read_csv_table(files[table["path"]])
        for field in table["schema"]["fields"]:
            rules = field.get("constraints", {})
            checked |= set(rules)
            cells = values(written, field["name"], field["type"])
            there = [v for v in cells if v is not None]
            assert not rules.get("required") or len(there) == len(cells), field
            assert not rules.get("unique") or len(set(there)) == len(there), field
            assert set(there) <= set(rules.get("enum", there)), field
            assert all(re.fullmatch(rules.get("pattern", "(?s).*"), v) for v in there if isinstance(v, str)), field
            assert all(rules.get("minimum", v) <= v for v in there if field["type"] in ("integer", "number")), field
    assert {"required", "unique", "enum", "pattern", "minimum"} <= checked


def test_keys_lead_to_rows(tables, files) -> None:
    rows = {t["name"]: read_csv_table(files[t["path"]]) for t in tables}
    for table in tables:
        schema, frame = table["schema"], rows[table["name"]]
        key = schema.get("primaryKey")
        assert key is None or not frame.duplicated(key).any()
        for foreign in schema.get("foreignKeys", ()):
            there = rows[foreign["reference"].get("resource", table["name"])][foreign["reference"]["fields"]]
            known = set(there.itertuples(index=False, name=None))
            used = set(frame[foreign["fields"]].itertuples(index=False, name=None))
            assert {u for u in used if all(u)} <= known, (table["name"], foreign)


def test_types_and_nullability_are_those_of_the_models(tables) -> None:
    fields = {(t["name"], f["name"]): f for t in tables for f in t["schema"]["fields"]}
    assert fields["unit_scores", "rank"]["type"] == "integer" and "constraints" not in fields["unit_scores", "rank"]
    assert fields["counts", "value"]["constraints"] == {"required": True, "minimum": 0}
    assert fields["criterion_scores", "counted"]["type"] == "boolean"
    assert fields["level_scores", "total"] | {"description": ""} == {
        "name": "total", "type": "number", "description": "", "unit": "điểm",
    }  # fmt: skip
    assert "" not in fields["unit_scores", "class_basis"]["constraints"]["enum"]
    assert "required" not in fields["unit_scores", "class_basis"]["constraints"]
    assert fields["officer_scores", "officer"]["personalData"]


def test_every_column_is_described_and_no_description_is_left_over() -> None:
    texts = table_texts()
    assert list(texts.tables) == list(MODELS)
    used = set()
    for table, model in MODELS.items():
        columns = set(model.to_schema().columns)
        assert set(texts.tables[table].columns) <= columns, table
        used |= columns - set(texts.tables[table].columns)
        assert all(texts.column(table, column).text for column in columns)
        for key in texts.tables[table].foreign_keys:
            assert set(key.columns) <= columns and set(key.other) <= set(MODELS[key.table].to_schema().columns)
    assert set(texts.columns) == used


def test_same_tables_same_bytes_and_no_version_or_clock(scored, stamp, files) -> None:
    csv_files = quarter.csv_tables(scored)
    assert data_package(scored, stamp, csv_files).items() <= files.items()
    for name in published_tables(scored):
        footer = ParquetFile(io.BytesIO(files[f"du-lieu/{name}.parquet"])).fmd
        assert (footer.created_by, footer.key_value_metadata) == (b"tthc-scorecard", [])


def test_a_revision_of_before_has_no_other_text(files) -> None:
    before = {n: d for n, d in files.items() if n.endswith(".csv") and n != "entities.csv"}
    assert list(differences(before, files)) == []
