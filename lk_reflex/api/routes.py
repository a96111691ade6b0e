"""The table of HTTP routes beside the pages."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lk_reflex.api.entry.captcha import captcha_picture_route, captcha_voice_route
from lk_reflex.api.entry.guest import guest_leave_route, guest_route
from lk_reflex.api.entry.remind import remind_route
from lk_reflex.api.entry.sign_in import sign_in_route, sign_out_route
from lk_reflex.api.esia.choice import esia_bind_route, esia_create_route
from lk_reflex.api.esia.sign_in import esia_ask_route, esia_leave_route, esia_return_route, esia_start_route
from lk_reflex.api.excuse import excuse, refused
from lk_reflex.api.papers.files import file_route
from lk_reflex.api.papers.my_data import my_data_route
from lk_reflex.api.papers.qr import qr_route
from lk_reflex.api.papers.receipts import receipt_route, receipts_route
from lk_reflex.api.papers.tables import table_route
from lk_reflex.api.paying.bank_callback import bank_callback_route
from lk_reflex.api.paying.orders import confirmation_route, order_bank_route, order_return_route
from lk_reflex.api.paying.pay import pay_route
from lk_reflex.api.paying.pay_link import pay_link_bank_route, pay_link_return_route, pay_link_route
from lk_reflex.api.push_devices import push_devices_route
from lk_reflex.api.seen.health import live_route, ready_route
from lk_reflex.api.seen.metrics import metrics_route
from lk_reflex.api.staff.exchange import exchange_file_route, exchange_import_route, exchange_report_route
from lk_reflex.api.staff.passport import staff_passport_route
from lk_reflex.api.staff.payments import staff_payments_route
from lk_reflex.api.view import view_route
from lk_reflex.core.errors import DomainError


def api() -> Starlette:
    """The application beside Reflex's own. Not around it: each layer of Starlette costs every frame of the socket."""
    return Starlette(
        routes=[
            Route("/api/sign-in", sign_in_route, methods=["POST"]),
            Route("/api/sign-out", sign_out_route, methods=["POST"]),
            Route("/api/captcha/{token}.png", captcha_picture_route),
            Route("/api/captcha/{token}.wav", captcha_voice_route),
            Route("/api/guest", guest_route, methods=["POST"]),
            Route("/api/remind", remind_route, methods=["POST"]),
            Route("/api/guest/leave", guest_leave_route, methods=["POST"]),
            Route("/api/files/{key}", file_route),
            Route("/api/my-data.zip", my_data_route),
            Route("/api/receipts.pdf", receipts_route),
            Route("/api/receipts/{receipt_id}.pdf", receipt_route),
            Route("/api/pay", pay_link_route, methods=["POST"]),
            Route("/api/pay/{number}/bank", pay_link_bank_route),
            Route("/api/pay/{number}/return", pay_link_return_route),
            Route("/api/push/devices", push_devices_route, methods=["POST", "DELETE"]),
            Route("/api/qr/{receipt_id}.{suffix}", qr_route),
            Route("/api/tables/{name}.{suffix}", table_route),
            Route("/api/staff/payments.{suffix}", staff_payments_route),
            Route("/api/staff/requests/{number}/passport", staff_passport_route, methods=["POST"]),
            Route("/api/staff/exchange", exchange_import_route, methods=["POST"]),
            Route("/api/staff/exchange/{task_id}/file", exchange_file_route),
            Route("/api/staff/exchange/{task_id}/report.txt", exchange_report_route),
            Route("/api/view", view_route, methods=["POST"]),
            Route("/api/esia/start", esia_start_route),
            Route("/api/esia/ask", esia_ask_route, methods=["POST"]),
            Route("/api/esia/return", esia_return_route),
            Route("/api/esia/leave", esia_leave_route),
            Route("/api/esia/bind", esia_bind_route, methods=["POST"]),
            Route("/api/esia/create", esia_create_route, methods=["POST"]),
            Route("/api/bank/callback", bank_callback_route, methods=["GET", "POST"]),
            Route("/api/cart/pay", pay_route, methods=["POST"]),
            Route("/api/orders/{number}/bank", order_bank_route),
            Route("/api/orders/{number}/return", order_return_route),
            Route("/api/orders/{number}.pdf", confirmation_route),
            Route("/api/health/live", live_route),
            Route("/api/health/ready", ready_route),
            Route("/api/metrics", metrics_route),
        ],
        exception_handlers={HTTPException: _refused, DomainError: _excused, Exception: _excused},
    )


async def _refused(_request: Request, fault: Exception) -> Response:
    """An unknown address, a wrong method, a form that can't be read."""
    assert isinstance(fault, HTTPException)
    return refused(fault.status_code, fault.headers)


async def _excused(_request: Request, fault: Exception) -> Response:
    """Starlette's own words for a failed route are English."""
    return excuse(fault)
