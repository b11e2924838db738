import { Counter, Gauge, type Registry } from "prom-client";

/** The metrics of the gRPC port's TLS. The gauge has no series while TLS is off, since an alert on an expiry of 0 would be false. */
export function tlsMetrics(registry: Registry) {
  const metrics = {
    tlsExpiry: new Gauge({
      name: "countersign_tls_certificate_expiry_timestamp_seconds",
      help: "Expiry of the certificate in use: tls.crt, or the last authority of ca.crt.",
      labelNames: ["file"],
      registers: [registry],
    }),
    tlsReloads: new Counter({
      name: "countersign_tls_reloads_total",
      help: "Reloads of the certificate folder, by result.",
      labelNames: ["result"],
      registers: [registry],
    }),
    tlsRefused: new Counter({
      name: "countersign_tls_refused_connections_total",
      help: "Connections that were refused: in the handshake, or because of the client's name.",
      labelNames: ["reason"],
      registers: [registry],
    }),
  };
  for (const result of ["loaded", "refused"]) metrics.tlsReloads.inc({ result }, 0);
  for (const reason of ["handshake", "name"]) metrics.tlsRefused.inc({ reason }, 0);
  return metrics;
}

export type TlsMetrics = ReturnType<typeof tlsMetrics>;
