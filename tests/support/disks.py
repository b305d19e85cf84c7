"""Disks that are full or read-only, for a command run in a mount namespace of its own."""

import subprocess
from pathlib import Path

#: code to run before a command: at its end it writes what lies in `folder`, as only the run's own mounts show it,
#: as a line of stderr: AFTER and a JSON object, name -> SHA-256
AFTER = """
import atexit, hashlib, json, sys
from pathlib import Path
def tell():
    folder = Path({folder!r})
    files = [p for p in folder.rglob("*") if p.is_file() and p.name != ".khoa"]
    left = {{p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}}
    left.update({{p.name: "folder" for p in folder.glob(".*") if p.is_dir()}})
    print("AFTER " + json.dumps(left), file=sys.stderr)
atexit.register(tell)
"""


def mounted(command: str) -> tuple[str, ...]:
    """A prefix that runs the rest of a command line after `command`, in a mount namespace of its own."""
    return ("unshare", "--user", "--map-root-user", "--mount", "sh", "-ec", f'{command}\nexec "$@"', "sh")


def can_mount(place: Path) -> bool:
    """Whether the system lets somebody mount in such a namespace."""
    command = [*mounted(f"mount -t tmpfs -o size=64k none '{place}'"), "true"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def small_disk(folder: Path, small: Path, kilobytes: int) -> tuple[str, ...]:
    """The prefix under which a folder lies on a disk that has so many kilobytes to spare."""
    size = sum(-(-p.stat().st_size // 4096) * 4 for p in folder.rglob("*")) + kilobytes
    return mounted(
        f"mount -t tmpfs -o size={size}k none '{small}' && cp -a '{folder}/.' '{small}' && "
        f"mount --bind '{small}' '{folder}'"
    )


def read_only(folder: Path) -> tuple[str, ...]:
    """The prefix under which nothing in a folder can be written."""
    return mounted(f"mount --bind '{folder}' '{folder}' && mount -o remount,bind,ro '{folder}'")
