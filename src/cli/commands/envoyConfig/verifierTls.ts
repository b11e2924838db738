import { join } from "node:path";
import { ENVOY_TYPE } from "../../../api/envoy.ts";
import type { VerifierTls } from "./envoyOptions.ts";

const TLS = `${ENVOY_TYPE}.extensions.transport_sockets.tls.v3`;
const CERTIFICATE = "verifier_client";
const AUTHORITIES = "verifier_ca";

/** Names of the files that `sdsFiles` writes. */
const FILES = { [CERTIFICATE]: "verifier-client.sds.json", [AUTHORITIES]: "verifier-ca.sds.json" } as const;

/**
 * Envoy's side of mTLS with the verifier. Envoy reads the certificates of a bootstrap only once, in spite of `watched_directory`,
 * but reloads those of an SDS resource (both seen on 1.40.0). A file can contain only one SDS resource. So there are two files
 * next to the bootstrap, which never change.
 */
export function verifierTlsSocket({ serverName, sdsFolder }: VerifierTls): object {
  const sds = (name: keyof typeof FILES) => ({
    name,
    sds_config: { path_config_source: { path: join(sdsFolder, FILES[name]) }, resource_api_version: "V3" },
  });
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: {
      "@type": `${TLS}.UpstreamTlsContext`,
      ...(isUri(serverName) ? {} : { sni: serverName }),
      common_tls_context: {
        // Without it the health checks do not offer HTTP/2, and fail (seen on 1.40.0).
        alpn_protocols: ["h2"],
        // Envoy's default maximum for upstream connections is TLS 1.2.
        tls_params: { tls_minimum_protocol_version: "TLSv1_2", tls_maximum_protocol_version: "TLSv1_3" },
        tls_certificate_sds_secret_configs: [sds(CERTIFICATE)],
        validation_context_sds_secret_config: sds(AUTHORITIES),
      },
    },
  };
}

/** The SDS files that the bootstrap names, by file name. */
export function sdsFiles({ folder, serverName }: VerifierTls): ReadonlyMap<string, object> {
  const file = (name: string) => ({ filename: join(folder, name) });
  const resource = (name: keyof typeof FILES, content: object) =>
    [FILES[name], { resources: [{ "@type": `${TLS}.Secret`, name, ...content }] }] as const;
  const watched = { watched_directory: { path: folder } };
  return new Map([
    resource(CERTIFICATE, {
      tls_certificate: { certificate_chain: file("tls.crt"), private_key: file("tls.key"), ...watched },
    }),
    resource(AUTHORITIES, {
      validation_context: {
        trusted_ca: file("ca.crt"),
        ...watched,
        match_typed_subject_alt_names: [
          { san_type: isUri(serverName) ? "URI" : "DNS", matcher: { exact: serverName } },
        ],
      },
    }),
  ]);
}

function isUri(name: string): boolean {
  return name.includes("://");
}
