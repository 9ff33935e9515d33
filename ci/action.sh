#!/usr/bin/env bash
# Run sovscan as a step of GitHub Actions or of a forge that speaks its language; everything comes in by variables.
# usage: ci/action.sh SOVSCAN
set -euo pipefail
sovscan=${1:?usage: ci/action.sh SOVSCAN}

arguments=("${SOVSCAN_MODE:=repo}" --format github)
# An input that was left empty must not become an empty argument.
given() { if [ -n "$2" ]; then arguments+=("$1" "$2"); fi; }
each_line() {
    local line
    while IFS= read -r line; do
        line=${line%$'\r'}
        if [ -n "$line" ]; then names+=("$line"); fi
    done <<<"$1"
}

given --config "${SOVSCAN_CONFIG_FILE:-}"
given --waivers "${SOVSCAN_WAIVERS:-}"
given --baseline "${SOVSCAN_BASELINE:-}"
given --max-regression "${SOVSCAN_MAX_REGRESSION:-}"
given --fail-on "${SOVSCAN_FAIL_ON:-}"
given --min-confidence "${SOVSCAN_MIN_CONFIDENCE:-}"
given --profile "${SOVSCAN_PROFILE:-}"
given --lang "${SOVSCAN_LANG:-}"
if [ -n "${SOVSCAN_SARIF:-}" ]; then arguments+=(--output "sarif:$SOVSCAN_SARIF"); fi

# Reports say where this action can be read about: at the address it was fetched from.
if [ -n "${SOVSCAN_ACTION_REPOSITORY:-}" ] && [ -n "${GITHUB_SERVER_URL:-}" ]; then
    export SOVSCAN_INFORMATION_URI="${SOVSCAN_INFORMATION_URI:-$GITHUB_SERVER_URL/$SOVSCAN_ACTION_REPOSITORY}"
fi
# Where a file of the repository can be read is known of this forge alone.
if [ -n "${SOVSCAN_ACTION_REPOSITORY:-}" ] && [ "${GITHUB_SERVER_URL:-}" = https://github.com ]; then
    export SOVSCAN_RULES_URI="${SOVSCAN_RULES_URI:-$GITHUB_SERVER_URL/$SOVSCAN_ACTION_REPOSITORY/blob/HEAD/docs/rules}"
fi

names=()
case $SOVSCAN_MODE in
    repo)
        each_line "${SOVSCAN_PATHS:-.}"
        ;;
    audit)
        each_line "${SOVSCAN_TARGETS:-}"
        given --file "${SOVSCAN_TARGETS_FILE:-}"
        ;;
    *)
        echo "sovscan: mode is repo or audit, not '$SOVSCAN_MODE'" >&2
        exit 2
        ;;
esac

# A file of an earlier run, or of the author of the change, must not be taken for this run's report.
if [ -n "${SOVSCAN_SARIF:-}" ]; then rm -f -- "$SOVSCAN_SARIF"; fi

code=0
# Names come last, after --, so that none of them is taken for an option.
if [ ${#names[@]} -gt 0 ]; then
    "$sovscan" "${arguments[@]}" -- "${names[@]}" || code=$?
else
    "$sovscan" "${arguments[@]}" || code=$?
fi

if [ -n "${GITHUB_OUTPUT:-}" ]; then
    {
        echo "exit-code=$code"
        if [ -n "${SOVSCAN_SARIF:-}" ] && [ -f "$SOVSCAN_SARIF" ]; then echo "sarif=$SOVSCAN_SARIF"; else echo "sarif="; fi
    } >>"$GITHUB_OUTPUT"
fi
exit "$code"
