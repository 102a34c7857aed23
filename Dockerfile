# Inkling in a container: `docker build -t inkling .`, then `docker run -p 8501:8501 --memory 3g inkling`.
# Without training it needs 1 GiB of memory and 2 GB less of disk: `--build-arg REQUIREMENTS=requirements-serve.txt`.

FROM python:3.12-slim AS packages
ARG REQUIREMENTS=requirements.txt
WORKDIR /build
COPY requirements.txt requirements-serve.txt ./
RUN python -m venv /opt/inkling && /opt/inkling/bin/pip install --no-cache-dir --requirement "$REQUIREMENTS"

# The packages are most of it; a stage of its own leaves pip's leftovers behind.
FROM python:3.12-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin inkling
COPY --from=packages /opt/inkling /opt/inkling
WORKDIR /app
COPY .streamlit .streamlit
COPY assets assets
COPY model model
COPY pages pages
COPY streamlit_app.py LICENSE ./
RUN /opt/inkling/bin/python -m compileall -q model pages
# All of it is root's; the app writes to /tmp alone, so `docker run --read-only --tmpfs /tmp` does, too.
# One heap for all threads from the start; pages/widgets/app/server_tuning.py can say so only when the first page is asked for.
ENV PATH=/opt/inkling/bin:$PATH HOME=/tmp PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=1
# As a number, because Kubernetes cannot tell from a name that it is not root.
USER 10001:10001
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health', timeout=2)"]
CMD ["python", "-m", "streamlit", "run", "streamlit_app.py", \
    "--server.address", "0.0.0.0", "--server.port", "8501", "--server.headless", "true"]
