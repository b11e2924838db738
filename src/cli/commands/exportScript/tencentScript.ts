import { START, saveBy } from "./scriptParts.ts";

/**
 * Exports a tenant with tccli. It pages through every list, puts each response where its path names what the response lacks
 * (service, domain), and writes a file only after its call has succeeded.
 */
export const TENCENT_SCRIPT = `#!/usr/bin/env bash
# Exports a tenant of Tencent Cloud API Gateway for \`countersign import tencent\`.
${START}
extra=(--output json)
if [ -n "\${2:-}" ]; then extra+=(--region "$2"); fi
if [ -n "\${TCCLI_ENDPOINT:-}" ]; then extra+=(--endpoint "$TCCLI_ENDPOINT"); fi

${saveBy(`tccli apigateway "$@" "\${extra[@]}"`)}

# save_pages NAME ACTION ARGUMENTS...: all pages of a list, as NAME-0000.json, NAME-0001.json and so on.
save_pages() {
  local name=$1 page=0 file total
  shift
  while true; do
    file=$(printf '%s-%04d.json' "$name" "$page")
    save "$file" "$@" --Limit 100 --Offset $((page * 100))
    total=$(sed -n 's/^ *"TotalCount": \\([0-9][0-9]*\\).*/\\1/p' "$directory/$file" | head -n 1)
    page=$((page + 1))
    if [ $((page * 100)) -ge "\${total:-0}" ]; then return 0; fi
  done
}

# values KEY FILE...: the texts under a key, each once.
values() {
  local key=$1
  shift
  sed -n "s/^ *\\"$key\\": \\"\\([^\\"]*\\)\\".*/\\1/p" "$@" | sort -u
}

save_pages apps DescribeApiAppsStatus
save_pages services DescribeServicesStatus
for service in $(values ServiceId "$directory"/services-*.json); do
  echo "export.sh: $service" >&2
  save_pages "$service/apis" DescribeApisStatus --ServiceId "$service"
  save_pages "$service/domains" DescribeServiceSubDomains --ServiceId "$service"
  save "$service/environments.json" DescribeServiceEnvironmentList --ServiceId "$service"
  for domain in $(values DomainName "$directory/$service"/domains-*.json); do
    save "$service/mappings/$domain.json" DescribeServiceSubDomainMappings --ServiceId "$service" --SubDomain "$domain"
  done
  save_pages "$service/ip-strategies" DescribeIPStrategysStatus --ServiceId "$service"
  apis=$(values ApiId "$directory/$service"/apis-*.json)
  for api in $apis; do
    save_pages "$service/plugins/$api" DescribePluginsByApi --ServiceId "$service" --ApiId "$api" --EnvironmentName release
  done
  if [ -n "$apis" ]; then
    list=$(printf '"%s",' $apis)
    save_pages "$service/api-apps" DescribeApiBindApiAppsStatus --ServiceId "$service" --ApiIds "[\${list%,}]"
  fi
done
echo "export.sh: done. Next: countersign import tencent $directory --out tenant" >&2
`;
