"""Settings of ``gunicorn app:server``: threads, and HTTPS where the product has a certificate of its own."""

from settings import Settings

worker_class = "gthread"
threads = 8

_settings = Settings.load()
if _settings.tls_cert is not None and _settings.tls_key is not None:
    certfile, keyfile = str(_settings.tls_cert), str(_settings.tls_key)
