"""Asks pip-audit for known vulnerabilities of the packages in a folder: `audit.py SITE_PACKAGES`.

Status 0: every package was looked up and none has a known vulnerability. 1: one has. 2: none could be looked up, as
where only a package mirror is reached; then the versions are printed, to be looked up elsewhere.
"""

import json
import subprocess
import sys

OURS = "tthc-scorecard"


def main(folder: str) -> int:
    """Print what is known of the packages in the folder and return the status."""
    command = [sys.executable, "-m", "pip_audit", "--path", folder, "--format", "json", "--progress-spinner", "off"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages = [p for p in json.loads(run.stdout)["dependencies"] if p["name"] != OURS]
    except ValueError:  # no report: pip-audit stopped at its first request
        packages = []
    checked = [p for p in packages if "vulns" in p]
    found = [(p, v) for p in checked for v in p["vulns"]]
    for package, known in found:
        fixed = ", ".join(known["fix_versions"]) or "none yet"
        print(f"{package['name']} {package['version']}: {known['id']}, fixed in: {fixed}")
    if checked:
        left = [p["name"] for p in packages if "vulns" not in p]
        print(f"{len(checked)} packages looked up, {len(found)} known vulnerabilities.")
        if left:
            print(f"Not looked up: {', '.join(left)}")
        return 1 if found else 2 * bool(left)
    print("No source of advisories was reached: nothing was looked up. The installed versions:")
    listed = subprocess.run([sys.executable, "-m", "pip", "list", "--path", folder, "--format", "freeze"], check=False)
    return listed.returncode or 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
