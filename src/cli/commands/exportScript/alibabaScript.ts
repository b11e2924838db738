import { START, saveBy } from "./scriptParts.ts";

/**
 * Exports a tenant with aliyun, by calls that change nothing. It pages through every list, puts each response where its path names
 * what the response lacks (group, API, stage, application), and writes a file only after its call has succeeded.
 */
export const ALIBABA_SCRIPT = `#!/usr/bin/env bash
# Exports a tenant of Alibaba Cloud API Gateway for \`countersign import alibaba\`.
${START}
extra=()
if [ -n "\${2:-}" ]; then extra+=(--region "$2"); fi

${saveBy(`aliyun cloudapi "$@" \${extra[@]+"\${extra[@]}"}`)}

# save_pages NAME ACTION ARGUMENTS...: all pages of a list, as NAME-0001.json, NAME-0002.json and so on.
save_pages() {
  local name=$1 page=1 file total size
  shift
  while true; do
    file=$(printf '%s-%04d.json' "$name" "$page")
    save "$file" "$@" --PageSize 50 --PageNumber "$page"
    total=$(number TotalCount "$directory/$file")
    size=$(number PageSize "$directory/$file")
    if [ $((page * \${size:-50})) -ge "\${total:-0}" ]; then return 0; fi
    page=$((page + 1))
  done
}

# number KEY FILE: the first number under a key.
number() {
  sed -n "s/^[[:space:]]*\\"$1\\": \\([0-9][0-9]*\\).*/\\1/p" "$2" | head -n 1
}

# values KEY FILE...: the texts and numbers under a key, each once.
values() {
  local key=$1
  shift
  sed -n "s/^[[:space:]]*\\"$key\\": \\"\\{0,1\\}\\([^\\",]*\\).*/\\1/p" "$@" | sort -u
}

save_pages apps DescribeAppAttributes
for app in $(values AppId "$directory"/apps-*.json); do
  save "apps/$app/security.json" DescribeAppSecurity --AppId "$app"
done
save_pages groups DescribeApiGroups
for group in $(values GroupId "$directory"/groups-*.json); do
  echo "export.sh: $group" >&2
  place="groups/$group"
  save "$place/group.json" DescribeApiGroup --GroupId "$group"
  save_pages "$place/apis" DescribeApis --GroupId "$group"
  for api in $(values ApiId "$directory/$place"/apis-*.json); do
    save "$place/apis/$api/api.json" DescribeApi --GroupId "$group" --ApiId "$api"
  done
  stages=$({ printf 'RELEASE\\nPRE\\nTEST\\n'; values StageName "$directory/$place/group.json"; } | sort -u)
  for stage in $stages; do
    save_pages "$place/$stage/deployed" DescribeDeployedApis --GroupId "$group" --StageName "$stage"
    apis=$(values ApiId "$directory/$place/$stage"/deployed-*.json)
    for api in $apis; do
      there="$place/apis/$api/$stage"
      save "$there/deployed.json" DescribeDeployedApi --GroupId "$group" --ApiId "$api" --StageName "$stage"
      save_pages "$there/apps" DescribeAuthorizedApps --GroupId "$group" --ApiId "$api" --StageName "$stage"
      save_pages "$there/plugins" DescribePluginsByApi --GroupId "$group" --ApiId "$api" --StageName "$stage"
    done
    if [ -n "$apis" ]; then
      save_pages "$place/$stage/ip-controls" DescribeApiIpControls --GroupId "$group" --StageName "$stage"
    fi
  done
done
echo "export.sh: done. Next: countersign import alibaba $directory --out tenant" >&2
`;
