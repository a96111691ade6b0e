"""What the cabinet of a demonstration presents to its stand-ins; no web framework here, the cabinet reads it as well."""

SMS_TOKEN = "demo-sms"  # noqa: S105
