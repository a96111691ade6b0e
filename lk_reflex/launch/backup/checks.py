"""What must be true of any database of ours, whatever has happened to it; asked of one that a copy came back as."""

from typing import Final

from sqlalchemy import Connection, text

#: What is looked at, and how many rows speak against it.
RULES: Final = (
    (
        "проведено по каждому заказу столько, сколько получено за вычетом возвращённого",
        """SELECT count(*) FROM orders o
        LEFT JOIN (SELECT order_id, sum(amount) AS posted FROM postings GROUP BY order_id) p ON p.order_id = o.id
        WHERE COALESCE(p.posted, 0) <> o.captured - o.refunded""",
    ),
    (
        "каждая проводка равна своим строкам и комиссии",
        """SELECT count(*) FROM postings p
        LEFT JOIN (SELECT posting_id, sum(amount) AS shares FROM posting_lines GROUP BY posting_id) l
          ON l.posting_id = p.id
        WHERE p.amount <> p.commission + COALESCE(l.shares, 0)""",
    ),
    (
        "сумма каждого заказа равна его строкам и комиссии",
        """SELECT count(*) FROM orders o
        LEFT JOIN (SELECT order_id, sum(amount) AS lines FROM order_lines GROUP BY order_id) l ON l.order_id = o.id
        WHERE o.total <> o.amount + o.commission OR o.amount <> COALESCE(l.lines, 0)""",
    ),
    (
        "состояние каждого заказа — последнее в его журнале",
        """SELECT count(*) FROM orders o WHERE o.status <> COALESCE(
        (SELECT e.became FROM order_events e WHERE e.order_id = o.id ORDER BY e.id DESC LIMIT 1), o.status)""",
    ),
    (
        "счётчики заявок сходятся с заявками",
        """SELECT count(*) FROM (SELECT organization_id, kind, status, sum(seen) AS off FROM (
          SELECT organization_id, kind, status, count(*) AS seen FROM requests GROUP BY organization_id, kind, status
          UNION ALL SELECT organization_id, kind, status, -count FROM request_counts) b
        GROUP BY organization_id, kind, status HAVING sum(seen) <> 0) wrong""",
    ),
    (
        "у отправленных писем стёрт текст, у неотправленных он есть",
        """SELECT count(*) FROM outgoing_mail WHERE (settled_at IS NOT NULL AND plain <> '')
        OR (settled_at IS NULL AND (plain = '' OR sent_at IS NOT NULL))""",
    ),
    (
        "у каждого приложения к заявке есть его файл",
        """SELECT count(*) FROM request_files r LEFT JOIN stored_files f ON f.id = r.file_id WHERE f.id IS NULL""",
    ),
)
_UNCHECKED_KEYS = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"


def broken_rules(seen: Connection) -> list[str]:
    """Sentences about what doesn't hold; none where all does. The schema must be this version's."""
    counted = [(what, int(seen.scalar(text(query)) or 0)) for what, query in RULES]
    wrong = [f"Нарушено: {what}. Строк: {count}" for what, count in counted if count]
    return [*wrong, *_broken_references(seen)]


def _broken_references(seen: Connection) -> list[str]:
    if seen.dialect.name != "sqlite":
        count = int(seen.scalar(text(_UNCHECKED_KEYS)) or 0)
        return [f"Нарушено: внешние ключи проверены. Не проверено: {count}"] if count else []
    damage = seen.exec_driver_sql("PRAGMA integrity_check").scalar()
    lost = len(seen.exec_driver_sql("PRAGMA foreign_key_check").fetchall())
    told = [] if damage == "ok" else [f"Файл базы повреждён: {damage}"]
    return [*told, *([f"Нарушено: строки ссылаются на существующие. Строк: {lost}"] if lost else [])]


def differing_facts(had: dict[str, int], has: dict[str, int]) -> list[str]:
    """Where the figures of a copy and of what came back of it aren't the same."""
    names = sorted(had.keys() | has.keys())
    return [
        f"Не сходится {name}: в копии {had.get(name, 'нет')}, восстановлено {has.get(name, 'нет')}"
        for name in names
        if had.get(name) != has.get(name)
    ]
