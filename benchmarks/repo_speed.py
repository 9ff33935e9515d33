"""Times ``sovscan repo`` on 1,000 generated files, and checkov on the same Terraform, Docker and Kubernetes files.

    python benchmarks/repo_speed.py [--checkov PATH_OF_CHECKOV] [--rounds N]

The tree: 100 Terraform files, 50 container files, 100 manifests, 50 pipelines and requirement files, 700 programs. The
figure is the whole command, start-up included, warm (the first run is not counted); wall time and CPU time.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOAL = 2.0
"""Seconds of wall time for 1,000 files."""
FACTOR = 10


def build(root: Path) -> int:
    for number in range(100):
        folder = root / f"service{number}"
        folder.mkdir(parents=True)
        resources = "".join(
            f'resource "aws_s3_bucket" "b{one}" {{\n  bucket = "x-${{var.env}}-{one}"\n  tags = {{ Name = "a" }}\n}}\n'
            for one in range(10)
        )
        (folder / "main.tf").write_text(f'provider "aws" {{\n  region = "eu-west-3"\n}}\n{resources}')
        containers = "".join(f"        - name: c{one}\n          image: nginx:1.{one}\n" for one in range(3))
        (folder / "deploy.yaml").write_text(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n"
            f"      containers:\n{containers}"
        )
        if number % 2:
            (folder / "Dockerfile").write_text('FROM python:3.13\nRUN pip install app\nCOPY . .\nCMD ["app"]\n')
        else:
            (folder / "requirements.txt").write_text("flask\nboto3\nhttpx\n")
    body = "".join(f'def f{one}(x):\n    """Doc."""\n    return x.join("a.b", {one})\n\n' for one in range(60))
    for number in range(700):
        (root / f"service{number % 100}" / f"module{number}.py").write_text(f"import os\n\n{body}")
    return sum(1 for path in root.rglob("*") if path.is_file())


def timed(command: list[str], environment: dict[str, str]) -> tuple[float, float, int]:
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, done.returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkov", default=shutil.which("checkov"))
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "tree"
        files = build(root)
        own = [sys.executable, "-m", "sovscan", "repo", str(root), "--fail-on", "never", "--quiet"]
        timed(own, environment)
        runs = [timed(own, environment) for _ in range(given.rounds)]
        wall, cpu, code = min(runs)
        print(f"sovscan repo: {files} files, best of {given.rounds}: {wall:.2f} s wall, {cpu:.2f} s CPU, exit {code}")
        print(f"goal < {GOAL:.0f} s: {'met' if wall < GOAL else 'missed'}; load average {os.getloadavg()[0]:.1f}")
        if not given.checkov:
            print("checkov is not installed: the comparison was not made (pip install checkov)")
            return 0 if wall < GOAL else 1
        # checkov reads no programs: both get the infrastructure files alone, in the same run.
        for path in root.rglob("*.py"):
            path.unlink()
        mine = min(timed(own, environment) for _ in range(given.rounds))
        frameworks = ["--framework", "terraform", "dockerfile", "kubernetes"]
        theirs = timed(
            [given.checkov, "-d", str(root), "--quiet", "--compact", "--skip-download", *frameworks], environment
        )
        print(f"same infrastructure files: sovscan {mine[0]:.2f} s, checkov {theirs[0]:.2f} s wall, "
              f"{theirs[0] / mine[0]:.1f} times (goal {FACTOR})")  # fmt: skip
        return 0 if wall < GOAL and theirs[0] >= FACTOR * mine[0] else 1


if __name__ == "__main__":
    sys.exit(main())
