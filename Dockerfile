# Образ кабинета: один и тот же для web и worker. Собирает его compose.yaml.
# В собранные страницы входят адрес кабинета, адрес и подпись карты (LK_PUBLIC_URL, LK_MAP_TILES, LK_MAP_ATTRIBUTION):
# они передаются при сборке, и для другого адреса нужен другой образ. Паролей и ключей в образе нет: всё, что стоит
# ниже на их месте, нужно только затем, чтобы сборка прошла проверку настроек.

FROM python:3.11-slim-bookworm AS build
ENV PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /opt/lk
RUN python -m venv .venv
COPY requirements.txt ./
RUN .venv/bin/python -m pip install --require-hashes -r requirements.txt
COPY . .
ARG LK_PUBLIC_URL
ARG LK_MAP_TILES=""
ARG LK_MAP_ATTRIBUTION=""
RUN test -n "$LK_PUBLIC_URL" || { echo "Укажите LK_PUBLIC_URL: адрес кабинета, https://…" >&2; exit 1; }
RUN LK_MODE=production \
    LK_DATA_DIR=/var/lib/lk-pages \
    LK_DATABASE_URL=postgresql://build LK_REDIS_URL=redis://build \
    LK_SECRET_KEY=only-while-the-pages-are-being-built \
    LK_DATA_KEYS=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    LK_TRUSTED_PROXY_HOPS=1 LK_SMTP_URL=smtp+plain://127.0.0.1:25 LK_MAIL_FROM=build@example.org \
    .venv/bin/python -m lk_reflex build \
    && rm -rf /var/lib/lk-pages/web /var/lib/lk-pages/reflex

FROM python:3.11-slim-bookworm
# Для backup: копию базы снимает pg_dump той же версии, что и сервер, или новее.
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 lk \
    && useradd --uid 10001 --gid lk --home-dir /var/lib/lk --create-home --shell /usr/sbin/nologin lk
WORKDIR /opt/lk
COPY --from=build /opt/lk /opt/lk
COPY --from=build --chown=lk:lk /var/lib/lk-pages/builds /opt/lk-pages/builds
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PATH=/opt/lk/.venv/bin:$PATH \
    LK_MODE=production LK_DATA_DIR=/var/lib/lk LK_LISTEN=0.0.0.0 REFLEX_WEB_WORKDIR=/opt/lk-pages/web
RUN mkdir -p /opt/lk-pages/web && chown lk:lk /opt/lk-pages /opt/lk-pages/web
USER lk
VOLUME /var/lib/lk
EXPOSE 3000
ENTRYPOINT ["python", "-m", "lk_reflex"]
CMD ["serve"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:3000/api/health/ready', timeout=4)"]
