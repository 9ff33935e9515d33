#!/bin/sh
# The gate as one step of any runner: Forgejo and Gitea Actions, Jenkins, Woodpecker, a cron job.
#
#   Forgejo, Gitea:  run: sh path/to/sovscan/ci/recipes/shell.sh
#   Woodpecker:      commands: [sh path/to/sovscan/ci/recipes/shell.sh]
#   Jenkins:         sh 'path/to/sovscan/ci/recipes/shell.sh'  then  junit 'sovscan-reports/sovscan.junit.xml'
#
# Variables, all optional:
#   SOVSCAN          the command; default: sovscan on PATH
#   SOVSCAN_PATHS    what to scan, separated by blanks; default: .
#   SOVSCAN_TARGETS  domains to audit instead, separated by blanks; this one uses the network
#   SOVSCAN_CONFIG, SOVSCAN_WAIVERS, SOVSCAN_BASELINE   files named for the gate: the copies of the base branch
#   SOVSCAN_FAIL_ON  low, medium, high, critical or never; default: high
#   SOVSCAN_REPORTS  folder for the reports; default: sovscan-reports
#
# Ends with sovscan's exit code: 0 pass, 1 failed, 2 usage or file error, 3 inconclusive, 4 internal.
set -eu

reports=${SOVSCAN_REPORTS:-sovscan-reports}
mkdir -p "$reports"
# Reports of an earlier run, or of the author of the change, must not be taken for this one's.
rm -f -- "$reports/sovscan.txt" "$reports/sovscan.md" "$reports/sovscan.junit.xml" "$reports/sovscan.sarif"

# Blanks separate; wildcards in a name are left alone.
set -f
if [ -n "${SOVSCAN_TARGETS:-}" ]; then
    mode=audit
    # shellcheck disable=SC2086
    set -- $SOVSCAN_TARGETS
else
    mode=repo
    # shellcheck disable=SC2086
    set -- ${SOVSCAN_PATHS:-.}
fi
set -- -- "$@"
if [ -n "${SOVSCAN_BASELINE:-}" ]; then set -- --baseline "$SOVSCAN_BASELINE" "$@"; fi
if [ -n "${SOVSCAN_WAIVERS:-}" ]; then set -- --waivers "$SOVSCAN_WAIVERS" "$@"; fi

# SOVSCAN_CONFIG is read by sovscan itself.
exec "${SOVSCAN:-sovscan}" "$mode" \
    --fail-on "${SOVSCAN_FAIL_ON:-high}" \
    --output "text:$reports/sovscan.txt" \
    --output "md:$reports/sovscan.md" \
    --output "junit:$reports/sovscan.junit.xml" \
    --output "sarif:$reports/sovscan.sarif" \
    "$@"
