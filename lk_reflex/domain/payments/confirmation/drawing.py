"""What a drawing process is asked for: only there is the library of PDFs loaded."""

from lk_reflex.domain.payments.orders.own import OwnOrder


def draw_confirmation(order: OwnOrder) -> bytes:
    """The confirmation of one order; see `confirmation_pdf.render`."""
    from lk_reflex.domain.payments.confirmation.confirmation_pdf import render

    return render(order)
