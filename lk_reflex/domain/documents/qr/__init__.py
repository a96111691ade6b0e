"""The two QR codes of a receipt: the payment string by ГОСТ Р 56042-2014 and the way into the cabinet."""
