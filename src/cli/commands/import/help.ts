const OUTPUT = `
Writes one object to a file: DIR/applications, DIR/grants, DIR/domains, DIR/secrets (mode 0600), and DIR/MIGRATION.md, which lists
what needs a decision. No caller gains access: what cannot be carried over exactly is a decision, not a grant. A file that a person
changed is never overwritten: the new content is written beside it as .new.
`;

/** The help of `countersign import tencent`, behind the options. */
export const TENCENT_HELP = `
Copy the Terraform state before any refresh, plan or apply: a refresh against an API that is switched off drops every key, and exits 0.

Reads, in any mixture, from files and folders:
  - responses of tccli, the API or an SDK (JSON), one or several to a file. Some responses do not name their service or domain: put
    them where countersign export-script tencent does, such as service-d6ncf10e/mappings/api.example.com.json
  - state of Terraform and OpenTofu: terraform.tfstate, the output of state pull and of show -json
${OUTPUT}
Examples:
  $ countersign import tencent export/ --out tenant/ --namespace team-shop
  $ countersign import tencent export/ terraform.tfstate --out tenant/ \\
      --host service-d6ncf10e-1300000001.gz.apigw.tencentcs.com=orders.example.com
  $ countersign import tencent terraform.tfstate.backup --out tenant/ --strict
  $ countersign import tencent export/ --out tenant/ -o json | jq '.findings[] | select(.level == "decision")'
`;

/** The help of `countersign import alibaba`, behind the options. */
export const ALIBABA_HELP = `
Reads, in any mixture, from files and folders:
  - responses of aliyun cloudapi, the API or an SDK (JSON, version 2016-07-14), one or several to a file. Some responses do not name
    their application, API or stage: put them where countersign export-script alibaba does, such as
    groups/GROUPID/apis/APIID/RELEASE/apps-0001.json and apps/APPID/security.json
  - state of Terraform and OpenTofu: terraform.tfstate, the output of state pull and of show -json. It has no key pairs

The Applications get schemes: [AlibabaCA]. There X-Ca-Stage chooses the stage, here host and path do: a custom domain that is bound to
a stage keeps it, any other host is that of RELEASE, and --host HOST/STAGE=NEW gives another stage a host.
${OUTPUT}
Examples:
  $ countersign import alibaba export/ --out tenant/ --namespace team-shop
  $ countersign import alibaba export/ --out tenant/ \\
      --host 0123456789abcdef0123456789abcdef-cn-hangzhou.alicloudapi.com=orders.example.com \\
      --host 0123456789abcdef0123456789abcdef-cn-hangzhou.alicloudapi.com/TEST=test.orders.example.com
  $ countersign import alibaba export/ --out tenant/ -o json | jq '.findings[] | select(.level == "decision")'
`;
