"""What a result depends on, as one hash: equal fingerprints mean that there is nothing new to publish."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources

#: Packages whose shipped files decide a result: code, rulebooks, vocabularies, forms, templates.
PACKAGES = ("pipeline", "schemas", "templates")


def sha256(data: bytes) -> str:
    """Hex digest."""
    return hashlib.sha256(data).hexdigest()


def code_hash() -> str:
    """Hash of every shipped file of the `PACKAGES`, by path; no caches, no editor backups."""
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
    code_sha256: str,
    versions: Mapping[str, str],
    alternative: bool = False,
    replaces: str = "",
    past: Sequence[Mapping[str, object]] = (),
) -> str:
    """Equal for equal inputs, registry, rulebook, code and library versions: then a run has nothing to write.

    `inputs` are (path in the raw folder, hash) pairs, `rulebook` is "" where none is in force, `replaces` the
    signed report that the heading names, `past` what findings about the quarters before rest on. No reason,
    clock or history of the code is part of it.
    """
    facts = {
        "period": period,
        "inputs": sorted(inputs),
        "registry": registry_sha256,
        "rulebook": rulebook,
        "code": code_sha256,
        "versions": dict(sorted(versions.items())),
        "alternative": alternative,
        "replaces": replaces,
        "past": list(past),
    }
    return sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode())


def rulebook_hash(rulebook: str) -> str:
    """Hash of an installed rulebook's TOML file. Raises KeyError for an id that is not installed."""
    folder = resources.files("pipeline").joinpath("reference/rulebooks")
    for file in folder.iterdir():
        if file.name.endswith(".toml"):
            data = file.read_bytes()
            if tomllib.loads(data.decode("utf-8")).get("id") == rulebook:
                return sha256(data)
    raise KeyError(rulebook)
