import { alibabaPaths } from "../plan/paths/alibabaPaths.ts";
import { addResource } from "../sources/alibaba/resources.ts";
import { readArray, readCall } from "../sources/alibaba/responses.ts";
import { ALIBABA_TEXTS } from "../sources/alibaba/texts.ts";
import type { Gateway } from "./gateway.ts";

/** The stage of requests without X-Ca-Stage, as an environment. */
const DEFAULT_STAGE = "release";

/**
 * Alibaba Cloud API Gateway, the traditional edition: a group has the hosts, each API is deployed to stages on its own, and a request
 * chooses the stage by X-Ca-Stage. Here host and path choose the environment, so a host without a stage of its own is that
 * of RELEASE alone.
 */
export const ALIBABA: Gateway = {
  name: "Alibaba Cloud API Gateway",
  sources: { readCall, readArray, addResource, texts: ALIBABA_TEXTS },
  rules: {
    schemes: ["AlibabaCA"],
    writtenPaths: alibabaPaths,
    authenticationOf: (authType) => AUTH_TYPES[authType] ?? "other",
    assumesAuthentication: false,
    releasesEachApi: true,
    environmentsOfHost: (released) =>
      released.includes(DEFAULT_STAGE) ? [{ name: DEFAULT_STAGE, pathPrefix: "/" }] : [],
    applicationId: /^\d{1,19}$/,
  },
  words: {
    warning: `**Export everything before the vendor ends the gateway** (the traditional edition: 2027-09-21). A Terraform state has no key pairs: only
DescribeAppSecurity has them.`,
    exportWith: "export with aliyun (countersign export-script alibaba), or use a Terraform state",
    emptyFile: "the command that wrote it failed",
    exportKey:
      "export DescribeAppSecurity of it as a user who may read keys (a Terraform state has none), into apps/APPID/security.json",
    exportAuthentication: "export DescribeApi or DescribeDeployedApi of it",
    releaseCall: "DescribeDeployedApis of each stage",
    domainRemedy: "its ApiDomain is not written: write it by hand",
    otherPages: (have) => `--PageSize 50 --PageNumber ${Math.floor(have / 50) + 1}`,
    noAuthentication: "ANONYMOUS",
    otherAuthentication: "a signature alone did not admit a caller, so no caller may use it here",
    host: "0123456789abcdef0123456789abcdef-cn-hangzhou.alicloudapi.com",
    applicationId: "110840611",
    counted: {
      application: "applications and key pairs",
      service: "groups",
      api: "API definitions",
      binding: "authorizations",
      domain: "custom domains",
      release: "deployments",
      restriction: "IP controls, plugins and other rules",
    },
  },
};

const AUTH_TYPES: Readonly<Record<string, "application" | "none" | "unknown">> = {
  APP: "application",
  ANONYMOUS: "none",
  "": "unknown",
};
