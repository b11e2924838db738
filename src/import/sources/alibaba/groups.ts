import type { JsonNode } from "../../json/jsonNode.ts";
import { addPage } from "../pages.ts";
import type { Sink } from "../sink.ts";
import type { Placement } from "./placement.ts";
import { addBasePath } from "./restrictions.ts";

/** DescribeApiGroups. */
export function addGroups(response: JsonNode, _: Placement, sink: Sink): void {
  const found = response.child("ApiGroupAttributes")?.items("ApiGroupAttribute") ?? [];
  for (const one of found) addGroup(one, sink);
  addPage(
    response,
    "ApiGroupAttributes",
    "",
    found.map((one) => one.text("GroupId")),
    sink,
  );
}

/** Hosts that the vendor assigned to a group: for the internet, and for networks of the vendor's. */
const HOST_KEYS = ["SubDomain", "DefaultDomain", "VpcDomain", "ClassicVpcSubDomain", "VpcSlbIntranetDomain"];

/** A group: DescribeApiGroup, which has its custom domains, and the elements of DescribeApiGroups. */
export function addGroup(one: JsonNode, sink: Sink): void {
  const id = one.text("GroupId");
  const hosts = HOST_KEYS.map((key) => one.text(key).toLowerCase()).filter((host) => host !== "");
  sink.add({
    kind: "service",
    origin: "response",
    from: one.place,
    id,
    name: one.text("GroupName"),
    hosts: [...new Set(hosts)],
    released: undefined,
  });
  addBasePath(one.place, "response", id, one.text("BasePath"), sink);
  for (const domain of one.child("CustomDomains")?.items("DomainItem") ?? []) addDomain(domain, id, sink);
}

/** A custom domain. Without BindStageName requests choose the stage by X-Ca-Stage, as on the group's own hosts. */
function addDomain(one: JsonNode, service: string, sink: Sink): void {
  const host = one.text("DomainName").toLowerCase();
  if (host.startsWith("*")) {
    const remedy = "write an ApiDomain for each host that callers use, and name these hosts in the grants";
    sink.skip(one.place, `is the wildcard domain ${host}, which is not carried over`, remedy);
    return;
  }
  const environment = one.text("BindStageName").toLowerCase();
  sink.add({
    kind: "domain",
    origin: "response",
    from: one.place,
    service,
    host,
    isDefault: environment === "",
    mappings: environment === "" ? [] : [{ path: "/", environment }],
  });
}
