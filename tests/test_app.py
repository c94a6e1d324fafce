"""The door of the server says in one sentence why it cannot serve, and ends with 1."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from sqlalchemy import text

import app
import dashboard.application
from data_access.database import Database
from tests.town import build_town

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """An environment with a town to serve on a free port; tests spoil one thing of it."""
    monkeypatch.setenv("ONEMAP_DATABASE_URL", f"sqlite:///{tmp_path / 'town.sqlite'}")
    monkeypatch.setenv("ONEMAP_FOLDER", str(tmp_path))
    monkeypatch.setenv("ONEMAP_NOW", "2023-07-31T10:46+08:00")
    monkeypatch.setenv("ONEMAP_PORT", str(free_port()))
    monkeypatch.setattr(app, "_serve", lambda _server, _listening: 0)
    return monkeypatch


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def town(tmp_path):
    database = Database.open(f"sqlite:///{tmp_path / 'town.sqlite'}")
    build_town(database)
    return database


def sentence(capsys):
    """What stands on standard error: Chinese, and English below where it is known."""
    lines = capsys.readouterr().err.strip().splitlines()
    assert 1 <= len(lines) <= 2, lines
    return lines[0]


def test_a_good_environment_is_served(environment, tmp_path, capsys):
    town(tmp_path).close()
    assert app.main() == 0
    assert capsys.readouterr().out.startswith("http://127.0.0.1:")


def test_a_taken_port_is_told(environment, tmp_path, capsys):
    town(tmp_path).close()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environment.setenv("ONEMAP_PORT", str(taken.getsockname()[1]))
        assert app.main() == 1
    assert "已被占用" in sentence(capsys)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_an_address_beyond_this_machine_is_refused(environment, tmp_path, capsys, host):
    town(tmp_path).close()
    environment.setenv("ONEMAP_HOST", host)
    assert app.main() == 1
    assert "127.0.0.1" in sentence(capsys)


def test_an_empty_database_is_told(environment, capsys):
    assert app.main() == 1
    assert "数据库是空的" in sentence(capsys)


def test_a_database_without_areas_is_told(environment, tmp_path, capsys):
    database = Database.open(f"sqlite:///{tmp_path / 'town.sqlite'}")
    database.migrate()
    database.close()
    assert app.main() == 1
    assert "还没有区域" in sentence(capsys)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ("insert into setting (district_code, name, value, changed_at, changed_by) "
         "values ('*', 'unfinished', '{}', '2023-07-31', 'x')", "没有建完"),
        ("drop table seizure", "没有建完"),
        ("update onemap_revision set version_num = 'ffffffffffff'", "比程序新"),
    ],
)  # fmt: skip
def test_a_database_that_cannot_be_served_is_told(environment, tmp_path, capsys, spoil, told):
    database = town(tmp_path)
    with database.write() as connection:
        connection.execute(text(spoil))
    database.close()
    assert app.main() == 1
    assert told in sentence(capsys)


def test_a_missing_build_is_told(environment, tmp_path, capsys):
    town(tmp_path).close()
    environment.setattr(dashboard.application, "VENDOR", tmp_path / "nothing")
    assert app.main() == 1
    assert "make setup" in sentence(capsys)


def test_a_setting_that_cannot_be_used_is_told(environment, capsys):
    environment.setenv("ONEMAP_NOW", "tomorrow")
    assert app.main() == 1
    assert "ONEMAP_NOW" in sentence(capsys)


PASSED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Proto")
"""What a proxy writes into a request."""


def test_what_a_proxy_passed_on_is_refused(environment, tmp_path):
    town(tmp_path).close()
    port = free_port()
    given = {**os.environ, "ONEMAP_PORT": str(port)}
    log = tmp_path / "log"
    with log.open("w") as written, subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=given, stdout=written, stderr=written) as running:
        try:
            assert answer(port, {}, wait_s=90) == 200, log.read_text()
            for name in PASSED_ON:
                assert answer(port, {name: "1.2.3.4"}) == 403, name
            assert answer(port, {"Host": "example.org"}) == 403
        finally:
            running.terminate()
            running.wait(20)


def answer(port, headers, wait_s=0.0):
    """The status of ``/healthz``; waits for a server that is only starting."""
    until = time.monotonic() + wait_s
    while True:
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=10) as found:
                return found.status
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for this machine and its key, as PEM files."""
    import datetime as dt
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "onemap test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
    (folder / "key.pem").write_bytes(key.private_bytes(*plain, serialization.NoEncryption()))
    (folder / "locked.pem").write_bytes(key.private_bytes(*plain, serialization.BestAvailableEncryption(b"secret")))
    other = ec.generate_private_key(ec.SECP256R1())
    (folder / "other.pem").write_bytes(other.private_bytes(*plain, serialization.NoEncryption()))
    return folder


@pytest.mark.parametrize(
    ("cert", "key", "told"),
    [("cert.pem", "nothing.pem", "ONEMAP_TLS_KEY"), ("nothing.pem", "key.pem", "ONEMAP_TLS_CERT"), ("cert.pem", "", "一起设置"),
     ("", "key.pem", "一起设置"), ("cert.pem", "other.pem", "不能用"), ("cert.pem", "locked.pem", "不能用"), ("key.pem", "key.pem", "不能用")],
)  # fmt: skip
def test_a_certificate_that_cannot_be_served_gets_one_sentence(environment, tmp_path, capsys, certificate, cert, key, told):
    town(tmp_path).close()
    environment.setenv("ONEMAP_TLS_CERT", str(certificate / cert) if cert else "")
    environment.setenv("ONEMAP_TLS_KEY", str(certificate / key) if key else "")
    assert app.main() == 1
    assert told in sentence(capsys)


@pytest.mark.parametrize("server", ["app.py", pytest.param("gunicorn", marks=pytest.mark.long)])
def test_a_certificate_and_its_key_serve_https(environment, tmp_path, certificate, server):
    import ssl

    if server == "gunicorn" and sys.platform == "win32":
        pytest.skip("gunicorn does not run on Windows")
    town(tmp_path).close()
    port = free_port()
    own = {**os.environ, "ONEMAP_TLS_CERT": str(certificate / "cert.pem"), "ONEMAP_TLS_KEY": str(certificate / "key.pem"), "ONEMAP_PORT": str(port)}
    command = [sys.executable, "app.py"] if server == "app.py" else [sys.executable, "-m", "gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", "--no-control-socket", "app:server"]
    trust = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    with (tmp_path / "log").open("w") as log, subprocess.Popen(command, cwd=ROOT, env=own, stdout=log, stderr=log) as running:
        try:
            with socket.socket() as silent:
                for _ in range(300):
                    try:
                        # A client that says nothing must not hold up the others.
                        silent.connect(("127.0.0.1", port))
                        break
                    except ConnectionRefusedError:
                        time.sleep(0.1)
                with urllib.request.urlopen(f"https://127.0.0.1:{port}/record", context=trust, timeout=30) as answer:
                    assert answer.status == 200
                    assert answer.headers["Server"] in ("onemap", "gunicorn")
                    assert "geolocation=(self)" in answer.headers["Permissions-Policy"]
                asked = urllib.request.Request(f"https://127.0.0.1:{port}/visits", b"{}", {"Origin": f"http://127.0.0.1:{port}", "X-Onemap-Request": "1"})
                with pytest.raises(urllib.error.HTTPError) as foreign:
                    urllib.request.urlopen(asked, context=trust, timeout=30)
                with foreign.value:
                    assert foreign.value.code == 403
                for name in PASSED_ON:
                    asked = urllib.request.Request(f"https://127.0.0.1:{port}/healthz", headers={name: "1.2.3.4"})
                    with pytest.raises(urllib.error.HTTPError) as passed_on:
                        urllib.request.urlopen(asked, context=trust, timeout=30)
                    with passed_on.value:
                        assert passed_on.value.code == 403, name
            until = time.monotonic() + 90
            while not list(tmp_path.glob("*.mbtiles")):
                # The map's tiles stand before anybody asks; of several processes one makes them.
                assert running.poll() is None, (tmp_path / "log").read_text()
                assert time.monotonic() < until, (tmp_path / "log").read_text()
                time.sleep(0.2)
        finally:
            running.terminate()
            running.wait(30)
    assert len(list(tmp_path.glob("*.mbtiles"))) == 1
    assert "Traceback" not in (tmp_path / "log").read_text()
