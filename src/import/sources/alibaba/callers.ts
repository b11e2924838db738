import { Secret } from "../../../api/secret.ts";
import type { BindingFact } from "../../facts.ts";
import type { JsonNode } from "../../json/jsonNode.ts";
import { addPage } from "../pages.ts";
import type { Sink } from "../sink.ts";
import type { Placement } from "./placement.ts";

/** DescribeAppAttributes and DescribeApps. */
export function addApplications(response: JsonNode, _: Placement, sink: Sink): void {
  const list = response.child("Apps");
  const found = [...(list?.items("AppAttribute") ?? []), ...(list?.items("AppItem") ?? [])];
  for (const one of found) addApplication(one, sink);
  addPage(
    response,
    "Apps",
    "",
    found.map((one) => one.id("AppId")),
    sink,
  );
}

/** One application, without its key pair: DescribeApp, and the elements of lists. */
export function addApplication(one: JsonNode, sink: Sink): void {
  sink.add({
    kind: "application",
    origin: "response",
    from: one.place,
    id: one.id("AppId"),
    name: one.text("AppName"),
    description: one.text("Description"),
    key: "",
    secret: undefined,
    modified: one.text("ModifiedTime"),
  });
}

/** DescribeAppSecurity, which does not name its application. */
export function addKeyPair(response: JsonNode, { application }: Placement, sink: Sink): void {
  if (application === undefined) {
    const remedy =
      "put it into a folder that is named after the AppId, as countersign export-script alibaba does: apps/APPID/security.json";
    sink.skip(response.place, "has the key pair of an unknown application", remedy);
    return;
  }
  const secret = response.text("AppSecret");
  sink.add({
    kind: "application",
    origin: "response",
    from: response.place,
    id: application,
    name: "",
    description: "",
    key: response.text("AppKey"),
    secret: secret === "" ? undefined : Secret.of(secret),
    modified: response.text("ModifiedTime"),
  });
}

/** DescribeAuthorizedApps: the applications of an API, which the response does not name. */
export function addAuthorizedApps(response: JsonNode, placement: Placement, sink: Sink): void {
  const found = response.child("AuthorizedApps")?.items("AuthorizedApp") ?? [];
  const { group, api, environment } = placement;
  if (group === undefined || api === undefined) {
    const remedy =
      "put it into folders that are named after group, API and stage, as countersign export-script alibaba does: groups/GROUPID/apis/APIID/RELEASE/apps-0001.json";
    sink.skip(response.place, "has the applications of an unknown API", remedy);
    return;
  }
  for (const one of found)
    addBinding(one, { service: group, api, application: one.id("AppId"), name: one.text("AppName") }, sink);
  const ids = found.map((one) => `${one.id("AppId")} ${one.text("StageName")}`);
  addPage(response, "AuthorizedApps", `${api} ${environment ?? ""}`.trim(), ids, sink);
  if (environment === undefined) return;
  const id = `${api} ${environment}`;
  sink.add({ kind: "coverage", origin: "response", from: response.place, of: "api", id });
}

/** DescribeAuthorizedApis: the APIs of an application, which the response does not name. */
export function addAuthorizedApis(response: JsonNode, { application }: Placement, sink: Sink): void {
  const found = response.child("AuthorizedApis")?.items("AuthorizedApi") ?? [];
  if (application === undefined) {
    const remedy = "put it into a folder that is named after the AppId: apps/APPID/apis-0001.json";
    sink.skip(response.place, "has the APIs of an unknown application", remedy);
    return;
  }
  for (const one of found)
    addBinding(one, { service: one.text("GroupId"), api: one.text("ApiId"), application, name: "" }, sink);
  const ids = found.map((one) => `${one.text("ApiId")} ${one.text("StageName")}`);
  addPage(response, "AuthorizedApis", application, ids, sink);
  const id = application;
  sink.add({ kind: "coverage", origin: "response", from: response.place, of: "application", id });
}

type Ends = Pick<BindingFact, "service" | "api" | "application"> & { readonly name: string };

/** The end is in `AuthVaildTime`, which is the vendor's spelling; newer responses have `AuthValidTime` too. */
function addBinding(one: JsonNode, { name, ...ends }: Ends, sink: Sink): void {
  sink.add({
    kind: "binding",
    origin: "response",
    from: one.place,
    ...ends,
    applicationName: name,
    environment: one.text("StageName").toLowerCase(),
    expires: one.text("AuthVaildTime") || one.text("AuthValidTime"),
  });
}
