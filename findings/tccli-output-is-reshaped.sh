#!/usr/bin/env bash
# What tccli prints is not the answer of the API: fields go missing, others appear.
#
# Version   tccli 3.1.189.1
# Guess     The JSON is that of the API, so that a field of the API that the tool does not know is there all the same.
# Behaviour The answer goes through the model of the tool's version. A field that the model lacks vanishes (here the tags of an
#           application), one that the answer lacks is printed as null (ApiAppDesc), the order is the model's, and the level
#           `Response` is gone. So null does not mean that the API sent null, and an absent field does not mean that it has none.
# Output    of DescribeApiAppsStatus, where the API sends Response.Result.ApiAppSet[0] with Tags and without ApiAppDesc
#  | {
#  |     "Result": {
#  |         "TotalCount": 1,
#  |         "ApiAppSet": [
#  |             {
#  |                 "ApiAppName": "mobile",
#  |                 "ApiAppId": "app-00000001",
#  |                 "ApiAppSecret": "an-example-of-a-secret",
#  |                 "ApiAppDesc": null,
#  |                 "CreatedTime": "2020-12-01T10:44:55Z",
#  |                 "ModifiedTime": "2020-12-01T10:44:55Z",
#  |                 "ApiAppKey": "APIDexampleexampleexample"
#  |             }
#  |         ]
#  |     },
#  |     "RequestId": "98f5e9a5-0000-0000-0000-000000000000"
#  | }
#  | exit status 0, 515 bytes on standard output
source "$(dirname "$0")/lab/lab.sh"
install_python tccli==3.1.189.1 certifi==2026.10.19.post1

python "$lab/tencent_api.py" DescribeApiAppsStatus | unchanged
