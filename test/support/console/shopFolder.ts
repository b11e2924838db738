import { cp, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const QUICKSTART = fileURLToPath(new URL("../../../examples/quickstart", import.meta.url));

/** A display name that holds markup. */
export const MARKUP = '<img src=x onerror="document.title=1">';

/** The ApiAppSecret of the Application `legacy`. */
export const LEGACY_SECRET = "legacy-secret-of-the-old-gateway";

const MORE = `
apiVersion: countersign.dev/v1alpha1
kind: ApiGrant
metadata: {name: broken, namespace: team-shop}
spec:
  environment: release
  apis: [{name: stock, hosts: [other.example.com], paths: [{type: PathPrefix, value: /stock}]}]
  applications: [{name: mobile-app}]
---
apiVersion: countersign.dev/v1alpha1
kind: Application
metadata: {name: odd, namespace: team-shop}
spec: {displayName: ${JSON.stringify(MARKUP)}}
---
apiVersion: v1
kind: Secret
metadata: {name: old-pair, namespace: team-shop, labels: {countersign.dev/credentials: "true"}}
stringData: {ApiAppKey: APIDlegacy, ApiAppSecret: ${LEGACY_SECRET}}
---
apiVersion: countersign.dev/v1alpha1
kind: Application
metadata: {name: legacy, namespace: team-shop}
spec: {credentials: {source: Imported, importFrom: {name: old-pair}}}
---
apiVersion: countersign.dev/v1alpha1
kind: ApiGrant
metadata: {name: legacy, namespace: team-shop}
spec:
  environment: release
  apis: [{name: stock, hosts: [api.shop.example.com], paths: [{type: PathPrefix, value: /stock}]}]
  applications: [{name: legacy}, {name: odd}]
`;

/** The quickstart's files, and more: a grant without effect, an Application with an imported pair, and one with markup in its name. */
export async function writeShop(folder: string): Promise<void> {
  await cp(QUICKSTART, folder, { recursive: true });
  await writeFile(`${folder}/5-more.yaml`, MORE);
}
