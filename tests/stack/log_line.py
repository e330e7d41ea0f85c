# SPDX-License-Identifier: Apache-2.0
"""The metrics of the signer's log line (EMF), and those of AWS that the stack looks at."""

NAMESPACE = "Redoubt"
METRICS = {
    "ms": "Milliseconds",
    "cold_starts": "Count",
    "errors": "Count",
    "authentication_ms": "Milliseconds",
    "kms_ms": "Milliseconds",
    "table_ms": "Milliseconds",
    "votes": "Count",
    "blocks": "Count",
    "sign_attempts": "Count",
    "retries": "Count",
    "throttles": "Count",
    "upstream_errors": "Count",
    "conflicts": "Count",
    "watermark_refusals": "Count",
    "ahead_ms": "Milliseconds",
}
DIMENSIONS = {"function"}
OTHER_MEMBERS = {"status", "upstream_codes", "verdict"}  # that the dashboard's queries look at

OF_AWS = {
    ("AWS/KMS", "SuccessfulRequest"): {"KeyArn", "Operation"},
    ("AWS/Lambda", "Throttles"): {"FunctionName"},
    ("AWS/Lambda", "Url4xxCount"): {"FunctionName"},
    ("AWS/Lambda", "Url5xxCount"): {"FunctionName"},
    ("AWS/Lambda", "UrlRequestCount"): {"FunctionName"},
}


def dimensions(namespace: str, metric: str) -> set[str]:
    """Of a metric; a KeyError if nobody writes it."""
    if namespace == NAMESPACE:
        assert metric in METRICS, f"{metric} is not in the log line"
        return DIMENSIONS
    return OF_AWS[(namespace, metric)]
