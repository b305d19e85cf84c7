"""The site of nginx, and that the runbook, the units and it speak of the same names, ports and files."""

import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
from prefect.settings import Settings
from repository import ROOT

DOCS = ROOT / "docs"
SITE = (DOCS / "nginx" / "tthc.conf").read_text("utf-8")
RUNBOOK = (DOCS / "runbook.md").read_text("utf-8")
NAME = "may-chu.example"


def commands(start: str) -> list[str]:
    """The runbook's commands (indented lines) that begin so, without the words after them."""
    found = re.findall(rf"^    ({re.escape(start)}.*)$", RUNBOOK, re.M)
    return [re.sub(r"\s{2,}#.*", "", line) for line in found]


def run(command: str, **paths: Path) -> str:
    for place, path in paths.items():
        command = command.replace({"env": "/etc/tthc/tthc.env", "docs": "/opt/tthc-scorecard/docs"}[place], str(path))
    command = command.partition(" > ")[0]
    return subprocess.run(
        ["sh", "-c", command], env={"NAME": NAME, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True
    ).stdout  # fmt: skip


def test_the_runbooks_commands_fill_in_settings_and_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = tmp_path / "tthc.env"
    shutil.copy(DOCS / "systemd" / "tthc.env.example", env)
    in_place = commands("sed -i")
    assert len(in_place) == 2
    for command in in_place:
        run(command, env=env)
    given = dict(line.split("=", 1) for line in env.read_text("utf-8").splitlines() if line[:1].isalpha())
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    taken = Settings()
    assert (taken.server.ui.api_url, taken.ui_url) == (f"https://{NAME}/api", f"https://{NAME}")
    assert re.fullmatch(r"quan-tri:[0-9a-f]{48}", given["PREFECT_API_AUTH_STRING"])
    assert given["PREFECT_SERVER_API_AUTH_STRING"] == given["PREFECT_API_AUTH_STRING"]
    assert given["TTHC_WEBHOOK_URL"] == ""
    assert "TEN-MAY-CHU" not in env.read_text("utf-8")

    (fill,) = commands('sed "s/TEN-MAY-CHU')
    filled = run(fill, docs=DOCS)
    assert "TEN-MAY-CHU" not in filled and filled.count(f"server_name {NAME};") == 2


def test_site_and_units_speak_of_the_same_server_and_files() -> None:
    unit = (DOCS / "systemd" / "tthc-server.service").read_text("utf-8")
    host, port = re.findall(r"--host (\S+) --port (\d+)", unit)[0]
    assert re.findall(r"^    server (\S+);", SITE, re.M) == [f"{host}:{port}"]
    for path in re.findall(r"ssl_certificate(?:_key)? +(\S+);", SITE):
        assert f" {path}" in "\n".join(commands("install -m") + commands("(umask"))
    # what a page may load: nothing from elsewhere
    (policy,) = re.findall(r'Content-Security-Policy "([^"]+)"', SITE)
    assert "https:" not in policy and "*" not in policy and "default-src 'self'" in policy
    assert not re.search(r"^\s*(auth_basic|proxy_set_header Authorization)", SITE, re.M)


@pytest.mark.skipif(not (shutil.which("nginx") and shutil.which("openssl")), reason="nginx is not installed")
def test_nginx_finds_nothing_wrong(tmp_path: Path) -> None:
    (own,) = commands("(umask")
    subprocess.run(
        ["sh", "-c", own.replace("/etc/tthc/tls", str(tmp_path))],
        env={"NAME": NAME, "PATH": "/usr/bin:/bin"}, capture_output=True, check=True,
    )  # fmt: skip
    site = SITE.replace("TEN-MAY-CHU", NAME).replace("/etc/tthc/tls", str(tmp_path))
    site = re.sub(r".*listen \[::\].*\n", "", site)
    for port in ("80 ", "443 "):  # `nginx -t` opens them
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            site = site.replace(f"listen {port}", f"listen 127.0.0.1:{free.getsockname()[1]} ")
    assert site.count("listen 127.0.0.1:") == 2
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    kept = "\n".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    settings = f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{kept}\n{site}\n}}\n"
    (tmp_path / "nginx.conf").write_text(settings, "utf-8")
    done = subprocess.run(
        ["nginx", "-t", "-e", "stderr", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and "warn" not in done.stderr, done.stderr
