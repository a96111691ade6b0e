"""What a demonstration's cabinet presents to its stand-ins. No web framework here: the cabinet reads it as well."""

SMS_TOKEN = "demo-sms"  # noqa: S105
