# Builds a wheel, then installs it alone: the image holds no source tree, no compiler and no root process.
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY scoring scoring
COPY service service
COPY data data
RUN pip wheel --no-cache-dir --wheel-dir /wheels -c constraints.txt ".[excel,redis]"

FROM python:3.11-slim
# A volume mounted at /keys takes over this owner, so that keys can be made from inside.
RUN useradd --create-home --uid 10001 exposure && install --directory --owner 10001 --mode 700 /keys
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels "exposure-risk[excel,redis]"
USER 10001
WORKDIR /home/exposure
# Nothing is written at run time except below /tmp: run with --read-only --tmpfs /tmp.
ENV PYTHONDONTWRITEBYTECODE=1 \
    EXPOSURE_PORT=8000
EXPOSE 8000
# Of interest to `serve`; other commands end before the first check.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"EXPOSURE_PORT\"]}/readyz', timeout=2)"]
ENTRYPOINT ["exposure"]
CMD ["--help"]
# To serve: a file of keys made by `exposure key create`, then `serve --host 0.0.0.0 --key-file FILE`; see compose.yaml.
