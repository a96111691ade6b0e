"""What a demonstration's cabinet presents to its stand-ins. No web framework here: the cabinet reads it as well."""

SMS_TOKEN = "demo-sms"  # noqa: S105
PUSH_TOKEN = "demo-push"  # noqa: S105

#: The bank over RBS. «demo-api-6312345678» is a shop of its own with the same password: what follows names it, and one
#: shop sees no other's orders. The same goes for the token and for the shop of the JSON gateway.
BANK_LOGIN, BANK_PASSWORD = "demo-api", "demo-bank-password"
BANK_TOKEN = "demo-bank-token"  # noqa: S105
#: What checksums of callbacks are made with.
BANK_CALLBACK_KEY = "demo-bank-callback-key"
#: The JSON gateway: Basic authorization.
BANK_SHOP, BANK_SECRET = "demo-shop", "demo-shop-secret"
#: The organization of the demonstration that is paid over the JSON wire («Южный дом»); all others over RBS.
BANK_JSON_INN = "7430002027"
