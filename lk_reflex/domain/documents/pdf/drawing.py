"""What a drawing process is asked for: only there is the library of PDFs loaded, not where pages are served."""

from lk_reflex.domain.documents.facts import Paper


def draw(papers: tuple[Paper, ...], site: str, title: str) -> bytes:
    """One PDF of these receipts; see `receipt_pdf.render`."""
    from lk_reflex.domain.documents.pdf.receipt_pdf import render

    return render(papers, site, title=title)
