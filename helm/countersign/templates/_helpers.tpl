{{/* The release's name, with the chart's unless it has it already. */}}
{{- define "countersign.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "countersign.operator" -}}{{ include "countersign.fullname" . }}-operator{{- end -}}
{{- define "countersign.verifier" -}}{{ include "countersign.fullname" . }}-verifier{{- end -}}

{{/* Labels of every object. */}}
{{- define "countersign.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/name: countersign
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: countersign
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{/* What selects the Pods of a component: (dict "root" $ "component" "verifier"). These never change over upgrades. */}}
{{- define "countersign.selector" -}}
app.kubernetes.io/name: countersign
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "countersign.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* Where a port listens. */}}
{{- define "countersign.listen" -}}{{ .root.Values.bindAddress }}:{{ .port }}{{- end -}}

{{/*
Where a process runs. A verifier's Lease is named after Pod and UID, and the admission policy compares; by namespace, name
and UID the operator finds out whether the Pod has ended; the node is shown by `countersign verifiers`.
*/}}
{{- define "countersign.podEnv" -}}
- name: POD_NAME
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- name: POD_UID
  valueFrom: {fieldRef: {fieldPath: metadata.uid}}
- name: POD_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
- name: NODE_NAME
  valueFrom: {fieldRef: {fieldPath: spec.nodeName}}
{{- end -}}

{{/* Where and beside whom Pods run: (dict "root" $ "component" "verifier" "values" .Values.verifier). */}}
{{- define "countersign.placement" -}}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
topologySpreadConstraints:
{{- if .values.topologySpreadConstraints }}
{{- toYaml .values.topologySpreadConstraints | nindent 2 }}
{{- else }}
{{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "countersign.selector" $ | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end }}
{{- end -}}

{{/* The probes of the port 9090. */}}
{{- define "countersign.probes" -}}
startupProbe:
  httpGet: {path: /healthz, port: metrics}
  periodSeconds: 1
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /healthz, port: metrics}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /readyz, port: metrics}
  periodSeconds: 2
  timeoutSeconds: 2
  failureThreshold: 2
{{- end -}}

{{/* The Secret with tls.crt, tls.key and ca.crt that the verifier mounts. */}}
{{- define "countersign.serverSecret" -}}
{{- if eq .Values.tls.mode "existingSecret" -}}
{{- required "tls.existingSecret: name the Secret with tls.crt, tls.key and ca.crt of the verifier" .Values.tls.existingSecret -}}
{{- else -}}
{{ include "countersign.verifier" . }}-tls
{{- end -}}
{{- end -}}

{{/* The Secret with tls.crt, tls.key and ca.crt that Envoy presents; made unless tls.mode is existingSecret. */}}
{{- define "countersign.clientSecret" -}}{{ include "countersign.fullname" . }}-envoy-tls{{- end -}}

{{/* Names of the verifier's certificate, as a JSON list. */}}
{{- define "countersign.serverNames" -}}
{{- $short := include "countersign.verifier" . -}}
{{- $service := printf "%s.%s" $short .Release.Namespace -}}
{{- list (printf "%s.svc.%s" $service .Values.clusterDomain) (printf "%s.svc" $service) $service $short | toJson -}}
{{- end -}}

{{/* The allowed names of clients by their kind, as JSON lists; "*" is no name to make a certificate of. */}}
{{- define "countersign.clientDnsNames" -}}
{{- $names := list -}}
{{- range .Values.tls.clientNames }}{{ if not (or (eq . "*") (contains "://" .)) }}{{ $names = append $names . }}{{ end }}{{ end -}}
{{- toJson $names -}}
{{- end -}}

{{- define "countersign.clientUris" -}}
{{- $uris := list -}}
{{- range .Values.tls.clientNames }}{{ if contains "://" . }}{{ $uris = append $uris . }}{{ end }}{{ end -}}
{{- toJson $uris -}}
{{- end -}}
