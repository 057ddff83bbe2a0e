# One image, no root. It writes only to /app/data (SQLite, unless DATABASE_URL names a PostgreSQL), /backups and
# /tmp, so it runs with a read-only root. docs/running.md says how to keep it running.
FROM python:3.12-slim AS build
WORKDIR /app
COPY requirements.lock .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY bot bot
COPY storage storage
RUN /venv/bin/python -m compileall -q --invalidation-mode unchecked-hash bot storage

FROM python:3.12-slim
LABEL org.opencontainers.image.title="Charterbot" \
      org.opencontainers.image.description="The chat bot that runs an alliance under its own charter" \
      org.opencontainers.image.licenses="EUPL-1.2"
RUN groupadd --gid 10001 charterbot \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin charterbot \
    && install -d -o charterbot -g charterbot -m 0700 /app/data /backups
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app/bot bot
COPY --from=build /app/storage storage
COPY LICENSE .
COPY templates templates
COPY catalogues catalogues
COPY charters charters
USER 10001:10001
ENV PATH=/venv/bin:$PATH HOME=/tmp HTTP_HOST=0.0.0.0 HTTP_PORT=8080 PYTHONUNBUFFERED=1
VOLUME ["/app/data", "/backups"]
EXPOSE 8080
# Alive is also one that stands by. Ready (database, tables, platforms) is /readyz, which no restart mends.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client as h, os, sys; c = h.HTTPConnection('127.0.0.1', int(os.environ['HTTP_PORT']), timeout=4); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
