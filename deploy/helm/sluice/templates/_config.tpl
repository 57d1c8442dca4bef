{{- /* config.json: the values, and what the chart knows better: where to listen and where to write. */ -}}
{{- define "sluice.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- $settings := deepCopy (default dict $config.settings) -}}
{{- $_ := set $settings "listen" (printf "%s:%d" .Values.listenHost (int .Values.port)) -}}
{{- $analytics := default dict $settings.analytics -}}
{{- if include "sluice.keepsAnalytics" . -}}
{{- $spool := mergeOverwrite (dict "path" "/var/lib/sluice/spool") (default dict $analytics.spool) -}}
{{- $_ := set $analytics "spool" $spool -}}
{{- if not $analytics.sinks -}}
{{- $_ := set $analytics "sinks" (list (fromJson (include "sluice.defaultSink" .))) -}}
{{- end -}}
{{- $_ := set $settings "analytics" $analytics -}}
{{- end -}}
{{- $_ := set $config "settings" $settings -}}
{{- toPrettyJson $config -}}
{{- end -}}

{{- /* Not empty unless analytics are turned off. */ -}}
{{- define "sluice.keepsAnalytics" -}}
{{- if dig "settings" "analytics" "enabled" true .Values.config -}}true{{- end -}}
{{- end -}}

{{- define "sluice.defaultSink" -}}
{{- if .Values.database.secret -}}
{{- dict "use" "postgres" "url" "${DATABASE_URL}" | toJson -}}
{{- else -}}
{{- dict "use" "duckdb" "path" "/var/lib/sluice/analytics.duckdb" | toJson -}}
{{- end -}}
{{- end -}}

{{- /* HTTP or HTTPS, as probes and scrapers have to speak. */ -}}
{{- define "sluice.scheme" -}}
{{- $tls := default dict (default dict .Values.config.settings).tls -}}
{{- ternary "HTTPS" "HTTP" (not (empty $tls.cert)) -}}
{{- end -}}

{{- /* Seconds that a drain may take, rounded up. The defaults are those of Sluice. */ -}}
{{- define "sluice.drainSeconds" -}}
{{- $drain := default dict (default dict .Values.config.settings).drain -}}
{{- $delay := ternary $drain.delay 5 (hasKey $drain "delay") -}}
{{- $deadline := ternary $drain.deadline 300 (hasKey $drain "deadline") -}}
{{- addf $delay $deadline | ceil | int -}}
{{- end -}}

{{- /* Ten seconds more than the drain, for closing connections and writing what is left of analytics. */ -}}
{{- define "sluice.gracePeriodSeconds" -}}
{{- if kindIs "invalid" .Values.terminationGracePeriodSeconds -}}
{{- add 10 (include "sluice.drainSeconds" . | int) -}}
{{- else -}}
{{- int .Values.terminationGracePeriodSeconds -}}
{{- end -}}
{{- end -}}

{{- /* The fewest pods that are meant to run. */ -}}
{{- define "sluice.fewestPods" -}}
{{- int (ternary .Values.autoscaling.minReplicas .Values.replicas .Values.autoscaling.enabled) -}}
{{- end -}}

{{- /* The most pods that are meant to run. */ -}}
{{- define "sluice.mostPods" -}}
{{- int (ternary .Values.autoscaling.maxReplicas .Values.replicas .Values.autoscaling.enabled) -}}
{{- end -}}
