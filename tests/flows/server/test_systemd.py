"""The units of systemd and the settings they are given (docs/systemd)."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from repository import ROOT

SYSTEMD = ROOT / "docs" / "systemd"
UNITS = sorted(p.name for p in SYSTEMD.glob("tthc-*.*") if p.suffix in {".service", ".timer"})
PROGRAM = "/opt/tthc-scorecard"


def lines(name: str) -> list[str]:
    return [x for x in (SYSTEMD / name).read_text("utf-8").splitlines() if x and not x.startswith("#")]


@pytest.mark.parametrize("name", [n for n in UNITS if n.endswith(".service")])
def test_service_runs_unprivileged_with_secrets_from_a_file(name: str) -> None:
    unit = lines(name)
    assert {"User=tthc", "NoNewPrivileges=true", "ProtectSystem=strict"} <= set(unit)
    assert not any(x.startswith("Environment=") for x in unit)
    if name != "tthc-backup.service":
        assert {"EnvironmentFile=/etc/tthc/tthc.env", "Restart=always", f"WorkingDirectory={PROGRAM}"} <= set(unit)


def test_what_the_units_are_given_are_settings_that_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect.settings import Settings

    given = dict(x.split("=", 1) for x in lines("tthc.env.example"))
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    taken = Settings().to_environment_variables(exclude_unset=True, include_secrets=True)
    prefect = {k: v for k, v in given.items() if k.startswith("PREFECT_")}
    assert {k: taken.get(k, "").lower() for k in prefect} == {k: v.lower() for k, v in prefect.items()}
    assert set(given) - set(prefect) == {"DO_NOT_TRACK", "TTHC_DATA_DIR", "TTHC_WEBHOOK_URL"}
    assert given["PREFECT_SERVER_API_AUTH_STRING"] == given["PREFECT_API_AUTH_STRING"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    for name in UNITS:
        text = (SYSTEMD / name).read_text("utf-8")
        # programs have to exist to be verified: those of the real machine stand for themselves here
        text = text.replace(f"{PROGRAM}/.venv/bin/python", sys.executable).replace(
            f"{PROGRAM}/.venv/bin/tthc", sys.executable
        )
        (tmp_path / name).write_text(text.replace(f"{PROGRAM}/docs/systemd", str(SYSTEMD)), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / n) for n in UNITS)], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert (done.returncode, [x for x in done.stderr.splitlines() if "tthc-" in x]) == (0, [])
