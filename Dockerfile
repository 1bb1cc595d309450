# Builds a wheel, then installs it alone: the image holds no source tree, no compiler and no root process.
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY scoring scoring
COPY service service
COPY data data
RUN pip wheel --no-cache-dir --wheel-dir /wheels -c constraints.txt ".[excel,redis]"

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 exposure
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels "exposure-risk[excel,redis]"
USER 10001
WORKDIR /home/exposure
ENTRYPOINT ["exposure"]
CMD ["--help"]
