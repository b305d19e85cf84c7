"""Hashes in the manifest: one of a revision's inputs (`fingerprint`), one of the program (`code_hash`)."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources

from schemas.manifest import LayoutUsed, Manifest, OfficeWord
from schemas.rulebook import Rulebook

#: packages whose files determine a result: code, rulebooks, vocabularies, forms, templates
PACKAGES = ("pipeline", "schemas", "templates")


def sha256(data: bytes) -> str:
    """The SHA-256 of the bytes as hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def code_hash() -> str:
    """Hash of the paths and contents of all files of `PACKAGES`, without caches, hidden files and editor backups."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        with resources.as_file(resources.files(package)) as root:
            for path in sorted(root.rglob("*"), key=lambda p: p.relative_to(root).as_posix()):
                parts = path.relative_to(root).parts
                if any(p.startswith(".") or p == "__pycache__" or p.endswith("~") for p in parts) or not path.is_file():
                    continue
                digest.update(f"{package}/{'/'.join(parts)}\0{sha256(path.read_bytes())}\n".encode())
    return digest.hexdigest()


def fingerprint(
    *,
    period: str,
    inputs: Sequence[tuple[str, str]],
    registry_sha256: str,
    rulebook: str,
    alternative: bool = False,
    replaces: str = "",
    past: Sequence[Mapping[str, object]] = (),
    layouts: Sequence[LayoutUsed] = (),
    office: Sequence[OfficeWord] = (),
) -> str:
    """Hash of the inputs of a revision. Equal inputs have equal hashes, whatever program reads them.

    `inputs`: pairs (path in the raw folder, hash). `rulebook`: id of the rulebook, or "" if none is in force.
    `replaces`: the signed report that the heading names. `past`: the quarters that findings compare with.
    `layouts`: the answers of the office that were used; `office`: what the report uses of the office's own file.
    Program, libraries, reason and time are not part of the hash;
    `Manifest.built_with` records the program.
    """
    facts: dict[str, object] = {
        "period": period,
        "inputs": sorted(inputs),
        "registry": registry_sha256,
        "rulebook": rulebook,
        "alternative": alternative,
        "replaces": replaces,
        "past": list(past),
    }
    if layouts:  # without answers the hash is that of revisions before answers were known
        facts["layouts"] = [used.facts for used in layouts]
    if office:
        facts["office"] = [(word.field, word.value) for word in office]
    return sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode())


def same_inputs(one: Manifest, other: Manifest) -> bool:
    """Whether two revisions of a period were made from the same files, answers, registry, rulebook, earlier quarters.

    Fields are compared and not fingerprints, because older programs computed those by another formula. What the program
    derives from the inputs (the role of a file, the text of the rulebook, doubtful units of an earlier quarter) is not
    compared.
    """
    return _inputs(one) == _inputs(other)


def _inputs(manifest: Manifest) -> tuple[object, ...]:
    return (
        manifest.period,
        sorted((file.path, file.sha256) for file in manifest.inputs),
        manifest.registry_sha256,
        manifest.rulebook.id if manifest.rulebook else "",
        manifest.alternative,
        [(used.period, used.revision, used.counts_sha256, used.damage) for used in manifest.past],
        [used.facts for used in manifest.layouts],
        manifest.office,
    )


def rulebook_hash(rulebook: Rulebook) -> str:
    """Hash of the TOML file of an installed rulebook; of an office's own the hash of what it says."""
    folder = resources.files("pipeline").joinpath("reference/rulebooks")
    for file in folder.iterdir():
        if file.name.endswith(".toml"):
            data = file.read_bytes()
            if tomllib.loads(data.decode("utf-8")).get("id") == rulebook.id:
                return sha256(data)
    return sha256(rulebook.model_dump_json(exclude_defaults=True).encode("utf-8"))
