/** How every export script is called, and what protects its files. It sets `directory`. */
export const START = `#   bash export.sh DIRECTORY [REGION]
# Run it once for each region, into one directory each. The files hold key pairs in clear text: only you can read them.
set -euo pipefail
umask 077
if [ $# -lt 1 ]; then
  echo "usage: export.sh DIRECTORY [REGION]" >&2
  exit 2
fi
directory=$1`;

/** The function `save` of an export script. `call` is the command of one call, with the arguments of the function. */
export function saveBy(call: string): string {
  return `# save FILE ACTION ARGUMENTS...: the response of one call. Nothing is left of a call that fails.
save() {
  local file="$directory/$1"
  shift
  mkdir -p "$(dirname "$file")"
  if ! ${call} > "$file.part"; then
    rm -f "$file.part"
    echo "export.sh: this call failed: $*" >&2
    return 1
  fi
  mv "$file.part" "$file"
}`;
}
