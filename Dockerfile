# One image, no root, one folder to keep: /app/data (SQLite) unless DATABASE_URL names a PostgreSQL.
FROM python:3.12-slim AS build
WORKDIR /app
COPY requirements.lock .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 charterbot && mkdir -p /app/data && chown charterbot /app/data
WORKDIR /app
COPY --from=build /venv /venv
COPY bot bot
COPY storage storage
COPY templates templates
COPY charters charters
USER charterbot
ENV PATH=/venv/bin:$PATH HTTP_HOST=0.0.0.0 HTTP_PORT=8080 PYTHONUNBUFFERED=1
VOLUME /app/data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['HTTP_PORT'] + '/healthz', timeout=4)"]
CMD ["python", "-m", "bot", "run"]
