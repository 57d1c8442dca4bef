{{- /*
Refuses values that each are right and together make no sense, all of them at once. What can be said
of one value alone is in values.schema.json.
*/ -}}
{{- define "sluice.checks" -}}
{{- $faults := concat
  (include "sluice.configFaults" . | fromJsonArray)
  (include "sluice.replicaFaults" . | fromJsonArray)
  (include "sluice.budgetFaults" . | fromJsonArray)
  (include "sluice.storageFaults" . | fromJsonArray)
  (include "sluice.entryFaults" . | fromJsonArray) -}}
{{- if $faults -}}
{{- printf "these values make no sense:\n- %s" (join "\n- " $faults) | fail -}}
{{- end -}}
{{- end -}}

{{- define "sluice.configFaults" -}}
{{- $faults := list -}}
{{- $settings := default dict .Values.config.settings -}}
{{- if hasKey $settings "listen" -}}
{{- $faults = append $faults "config.settings.listen is made of listenHost and port: set those" -}}
{{- end -}}
{{- range list "SLUICE_CONFIG" "LISTEN_ADDR" "LISTEN_PORT" "PORT" "DATABASE_URL" -}}
{{- if or (hasKey $.Values.env .) (hasKey $.Values.secrets.env .) -}}
{{- $faults = append $faults (printf "the variable %s is the chart's own: set listenHost, port or database.secret" .) -}}
{{- end -}}
{{- end -}}
{{- range $name, $_ := .Values.env -}}
{{- if hasKey $.Values.secrets.env $name -}}
{{- $faults = append $faults (printf "the variable %s is set both by env and by secrets.env" $name) -}}
{{- end -}}
{{- end -}}
{{- $drain := include "sluice.drainSeconds" . | int -}}
{{- $grace := include "sluice.gracePeriodSeconds" . | int -}}
{{- if lt $grace $drain -}}
{{- $faults = append $faults (printf "terminationGracePeriodSeconds %d is less than the drain takes (delay and deadline: %d), so running streams would be killed" $grace $drain) -}}
{{- end -}}
{{- range concat (default list .Values.config.primary_backends) (default list .Values.config.fallback_backends) -}}
{{- if and .api_key (not (hasPrefix "${" .api_key)) -}}
{{- $faults = append $faults (printf "the api_key of backend %q is written into a ConfigMap: use ${NAME} and secrets.env" (toString .name)) -}}
{{- end -}}
{{- end -}}
{{- if and $settings.admin_key (not (hasPrefix "${" $settings.admin_key)) -}}
{{- $faults = append $faults "config.settings.admin_key is written into a ConfigMap: use ${NAME} and secrets.env" -}}
{{- end -}}
{{- toJson $faults -}}
{{- end -}}

{{- define "sluice.replicaFaults" -}}
{{- $faults := list -}}
{{- with .Values.autoscaling -}}
{{- if .enabled -}}
{{- if gt (int .minReplicas) (int .maxReplicas) -}}
{{- $faults = append $faults (printf "autoscaling.minReplicas %d is above maxReplicas %d" (int .minReplicas) (int .maxReplicas)) -}}
{{- end -}}
{{- if not (or .targetCpuPercent .targetInFlight) -}}
{{- $faults = append $faults "autoscaling has nothing to go by: set targetCpuPercent or targetInFlight" -}}
{{- end -}}
{{- if and .targetCpuPercent (not (dig "requests" "cpu" "" $.Values.resources)) -}}
{{- $faults = append $faults "autoscaling.targetCpuPercent is a share of resources.requests.cpu, which is not set" -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $faults -}}
{{- end -}}

{{- define "sluice.budgetFaults" -}}
{{- $faults := list -}}
{{- $pods := include "sluice.fewestPods" . | int -}}
{{- with .Values.podDisruptionBudget -}}
{{- $hasMin := not (kindIs "invalid" .minAvailable) -}}
{{- $hasMax := not (kindIs "invalid" .maxUnavailable) -}}
{{- if .enabled -}}
{{- if eq $hasMin $hasMax -}}
{{- $faults = append $faults "podDisruptionBudget takes one of minAvailable and maxUnavailable, and the other null" -}}
{{- end -}}
{{- if eq $pods 0 -}}
{{- $faults = append $faults "podDisruptionBudget protects no pod: replicas is 0" -}}
{{- else if and $hasMin (not (kindIs "string" .minAvailable)) (ge (int .minAvailable) $pods) -}}
{{- $faults = append $faults (printf "podDisruptionBudget.minAvailable %d of %d pods: no node could ever be drained" (int .minAvailable) $pods) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $faults -}}
{{- end -}}

{{- define "sluice.storageFaults" -}}
{{- $faults := list -}}
{{- $pods := include "sluice.mostPods" . | int -}}
{{- if and .Values.persistence.enabled (gt $pods 1) -}}
{{- $faults = append $faults (printf "persistence is one volume, and %d pods cannot write the same DuckDB file or spool: set replicas to 1, or turn persistence off and keep analytics in PostgreSQL (database.secret)" $pods) -}}
{{- end -}}
{{- $analytics := default dict (dig "settings" "analytics" dict .Values.config) -}}
{{- range default list $analytics.sinks -}}
{{- if and (has .use (list "duckdb" "file")) (not (hasPrefix "/var/lib/sluice/" (default "" .path))) -}}
{{- $faults = append $faults (printf "the path of a %s sink is not below /var/lib/sluice/: everything else is read-only" .use) -}}
{{- end -}}
{{- end -}}
{{- $spool := dig "spool" "path" "" $analytics -}}
{{- if and $spool (not (hasPrefix "/var/lib/sluice/" $spool)) -}}
{{- $faults = append $faults "config.settings.analytics.spool.path is not below /var/lib/sluice/: everything else is read-only" -}}
{{- end -}}
{{- toJson $faults -}}
{{- end -}}

{{- define "sluice.entryFaults" -}}
{{- $faults := list -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) -}}
{{- $faults = append $faults "ingress.hosts is empty: an Ingress without a host takes every name" -}}
{{- end -}}
{{- if .Values.httpRoute.enabled -}}
{{- if not .Values.httpRoute.hostnames -}}
{{- $faults = append $faults "httpRoute.hostnames is empty: a route without one takes every name of its gateway" -}}
{{- end -}}
{{- if not .Values.httpRoute.parentRefs -}}
{{- $faults = append $faults "httpRoute.parentRefs is empty: no gateway would serve the route" -}}
{{- end -}}
{{- end -}}
{{- toJson $faults -}}
{{- end -}}
