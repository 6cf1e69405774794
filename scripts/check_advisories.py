#!/usr/bin/env python3
"""Asks for known vulnerabilities of what requirements.txt names.

Fails when there is one. Where the advisories cannot be reached, as on a machine without internet,
it says that nothing was checked and fails nothing: only an answer can be a finding.
"""

import json
import subprocess  # nosec B404 # pip-audit, without a shell
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements.txt"
PATIENCE = 90  # seconds for all packages together
COMMAND = [
    *("pip-audit", "--requirement", str(REQUIREMENTS), "--no-deps", "--disable-pip"),
    *("--format", "json", "--progress-spinner", "off", "--timeout", "5"),
]


def main():
    packages, why = audit()
    if packages is None:
        say(f"NOT CHECKED: the advisories could not be reached ({why}).")
        return 0
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    if unknown:
        say(f"NOT CHECKED, for no advisories of it were found: {', '.join(unknown)}.")
    findings = [(package, flaw) for package in packages for flaw in package.get("vulns", [])]
    for package, flaw in findings:
        mended = ", ".join(flaw["fix_versions"]) or "no version yet"
        say(f"{package['name']} {package['version']}: {flaw['id']}, mended in {mended}")
    say(f"{len(findings)} known vulnerabilities in {len(packages) - len(unknown)} packages.")
    return 1 if findings else 0


def audit():
    """(what pip-audit says of each package, ""), or (None, why it says nothing)."""
    try:
        done = subprocess.run(  # noqa: S603 # nosec B603 # our own words
            COMMAND, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return None, f"no answer within {PATIENCE} s"
    try:
        return json.loads(done.stdout)["dependencies"], ""
    except ValueError:
        if not is_about_the_network(done.stderr):
            sys.exit(f"pip-audit failed:\n{done.stderr}")  # a mistake of ours is no lack of network
        return None, done.stderr.strip().splitlines()[-1][:200]


def is_about_the_network(told):
    """Whether pip-audit broke off where it asks its service."""
    words = ("requests.exceptions", "urllib3.exceptions", "ServiceError", "may be blocking")
    return any(word in told for word in words)


def say(sentence):
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
