#!/usr/bin/env bash
# A pinned tccli loses the action DescribeApiApp, because pip takes the newest SDK beside it.
#
# Version   tccli 3.1.118.1 (3.1.119.1 has no DescribeApiApp) with tencentcloud-sdk-python 3.1.118 and 3.1.195
# Guess     `pip install tccli==3.1.118.1` keeps an export script working that calls DescribeApiApp: the tool lists the action.
# Behaviour tccli asks for an SDK of at least its own version, so pip installs the newest one. That one has no such action any more:
#           the tool accepts the command and ends with status 255 without a request, although the API answers. Pin both, or use
#           DescribeApiAppsStatus, which has the same data and is still there.
# Output    of `tccli apigateway DescribeApiApp --ApiAppId app-00000001`; the API gives the same answer to both
#  | SDK 3.1.118: exit status 0, 515 bytes on standard output
#  | SDK 3.1.195: exit status 255, 0 bytes on standard output
source "$(dirname "$0")/lab/lab.sh"

for sdk in 3.1.118 3.1.195; do
  install_python tccli==3.1.118.1 "tencentcloud-sdk-python==$sdk" certifi==2026.10.19.post1
  printf 'SDK %s: ' "$sdk"
  python "$lab/tencent_api.py" DescribeApiApp --ApiAppId app-00000001 | tail -n 1
done | unchanged
