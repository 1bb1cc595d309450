# Installs what requirements.lock names, then the project's own wheel: the image holds no source tree, no compiler, no
# installer and no root process. BASE is any image of Debian's kind with Python 3.11 or later and its venv module.
ARG BASE=python:3.11-slim

FROM ${BASE} AS build
WORKDIR /src
# pip.conf and ca.pem: secrets of a builder behind an index or a proxy of its own; no layer keeps them.
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf --mount=type=secret,id=ca.pem,target=/run/ca.pem \
    python3 -m venv /build && ([ ! -s /run/ca.pem ] || export PIP_CERT=/run/ca.pem; \
    /build/bin/pip install --no-cache-dir --disable-pip-version-check "hatchling>=1.27")
COPY requirements.lock ./
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf --mount=type=secret,id=ca.pem,target=/run/ca.pem \
    python3 -m venv --without-pip /opt/exposure && ([ ! -s /run/ca.pem ] || export PIP_CERT=/run/ca.pem; \
    /build/bin/pip --python /opt/exposure/bin/python install --no-cache-dir --disable-pip-version-check \
    --require-hashes --only-binary :all: -r requirements.lock)
RUN apt-get update -qq && apt-get install -qq --no-install-recommends binutils && rm -rf /var/lib/apt/lists/*
COPY pyproject.toml README.md LICENSE ./
COPY scoring scoring
COPY service service
COPY data data
RUN /build/bin/python -m hatchling build -t wheel -d /wheel && \
    /build/bin/pip --python /opt/exposure/bin/python install --no-cache-dir --disable-pip-version-check \
    --no-deps --no-index /wheel/*.whl && \
    # Parts of packages that nothing here imports: their tests, sources in C and Cython, and of Arrow its RPC and its own
    # S3. A wheel holds no links, so that one library is in it under three names. The largest libraries come with the names
    # of their inner functions, which nothing that runs looks up.
    cd /opt/exposure/lib/python3*/site-packages && find . -depth -type d -name tests -exec rm -r {} + && \
    find . -type f -regex '.*\.\(c\|cc\|cpp\|h\|hpp\|pxd\|pyx\|pxi\|pyi\)' -delete && \
    rm -r pyarrow/*_flight* pyarrow/*_s3* && \
    find llvmlite pyarrow uvloop -name '*.so*' -exec strip --strip-unneeded {} + && cd pyarrow && for one in libarrow_python.so.*.*; do \
    ln -sf "$one" libarrow_python.so && ln -sf "$one" "${one%.*.*}"; done

FROM ${BASE}
# A volume mounted at /keys takes over this owner, so that keys can be made from inside.
RUN useradd --create-home --uid 10001 exposure && install --directory --owner 10001 --mode 700 /keys
COPY --from=build /opt/exposure /opt/exposure
USER 10001
WORKDIR /home/exposure
# Nothing is written at run time except below /tmp: run with --read-only --tmpfs /tmp.
ENV PATH=/opt/exposure/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    EXPOSURE_PORT=8000
EXPOSE 8000
# Of interest to `serve`; other commands end before the first check.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"EXPOSURE_PORT\"]}/readyz', timeout=2)"]
ENTRYPOINT ["exposure"]
CMD ["--help"]
# To serve: a file of keys made by `exposure key create`, then `serve --host 0.0.0.0 --key-file FILE`; see compose.yaml.
