import { tencentPaths } from "../plan/paths/tencentPaths.ts";
import { readArray } from "../sources/tencent/arrays.ts";
import { addResource } from "../sources/tencent/resources.ts";
import { readCall } from "../sources/tencent/responses.ts";
import { TENCENT_TEXTS } from "../sources/tencent/texts.ts";
import type { Gateway } from "./gateway.ts";

/** Tencent Cloud API Gateway: a service is released as a whole, and the first segment of a path is the environment. */
export const TENCENT: Gateway = {
  name: "Tencent Cloud API Gateway",
  sources: { readCall, readArray, addResource, texts: TENCENT_TEXTS },
  rules: {
    schemes: undefined,
    writtenPaths: tencentPaths,
    authenticationOf: (authType) => AUTH_TYPES[authType] ?? "other",
    assumesAuthentication: true,
    releasesEachApi: false,
    environmentsOfHost: (released) => released.map((name) => ({ name, pathPrefix: `/${name}` })),
    applicationId: /^app-[a-z0-9]{8}$/,
  },
  words: {
    warning: `**Copy the Terraform state before any \`refresh\`, \`plan\` or \`apply\`.** Since the vendor switches its interfaces off, a refresh against
an API that responds with empty lists drops every application and key from the state, and exits with status 0. Copy
\`terraform.tfstate\` and its \`.backup\` to another place now.`,
    exportWith: "export with tccli (countersign export-script tencent), or use a Terraform state",
    emptyFile:
      "the command that wrote it failed, or its --filter matched nothing, which tccli reports with an empty output",
    exportKey: "export it as a user who may read keys",
    exportAuthentication: "export DescribeApi of it",
    releaseCall: "DescribeServiceEnvironmentList",
    domainRemedy:
      "its ApiDomain is not written; export DescribeServiceSubDomainMappings for it, or write the ApiDomain by hand",
    otherPages: (have) => `--Limit 100 --Offset ${have}`,
    noAuthentication: "NONE",
    otherAuthentication: "bindings of applications to it had no effect, so no caller may use it",
    host: "service-d6ncf10e-1300000001.gz.apigw.tencentcs.com",
    applicationId: "app-e9uvw53e",
    counted: {
      application: "applications",
      service: "services",
      api: "APIs",
      binding: "bindings",
      domain: "domains and mappings",
      release: "environments",
      restriction: "IP strategies and plugins",
    },
  },
};

const AUTH_TYPES: Readonly<Record<string, "application" | "none" | "unknown">> = {
  APP: "application",
  NONE: "none",
  "": "unknown",
};
