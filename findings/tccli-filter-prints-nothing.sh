#!/usr/bin/env bash
# A tccli filter that matches nothing, such as one written after the API's documentation, leaves an empty file and exit status 0.
#
# Version   tccli 3.1.189.1
# Guess     `--filter Response.Result.ApiAppSet` selects the applications, since the documentation of the API shows that path; and a
#           path that matches nothing prints `null`, which is its value in JMESPath, or fails.
# Behaviour The tool removes the level `Response` before it filters. A path that matches nothing prints nothing, not even a line end,
#           and the exit status is 0: an export by `> file` looks done, and every file has 0 bytes.
# Output    of three filters
#  | Response.Result.TotalCount: exit status 0, 0 bytes on standard output
#  | Result.NoSuchField: exit status 0, 0 bytes on standard output
#  | Result.TotalCount: 1
#  | exit status 0, 2 bytes on standard output
source "$(dirname "$0")/lab/lab.sh"
install_python tccli==3.1.189.1 certifi==2026.10.19.post1

for filter in Response.Result.TotalCount Result.NoSuchField Result.TotalCount; do
  printf '%s: ' "$filter"
  python "$lab/tencent_api.py" DescribeApiAppsStatus --filter "$filter"
done | unchanged
