"""What stands in deploy/ is what a server takes."""

import getpass
import shutil
import subprocess

import pytest

from tests.running_site import ROOT
from tests.test_visitors_cached import NGINX

OPENSSL = shutil.which("openssl")


@pytest.mark.skipif(not (NGINX and OPENSSL), reason="nginx or openssl is missing (Debian: apt install nginx openssl)")
def test_nginx_takes_the_configuration_as_it_is_but_for_its_places(tmp_path):
    for path in (ROOT / "deploy/nginx").glob("*.conf"):
        text = (
            path.read_text().replace("/etc/nginx/portal/", f"{tmp_path}/").replace("/etc/ssl/portal/", f"{tmp_path}/")
        )
        text = text.replace("/var/log/nginx/", f"{tmp_path}/").replace("path cache ", f"path {tmp_path}/cache ")
        (tmp_path / path.name).write_text(text)
    certificate = [
        "-keyout",
        tmp_path / "privkey.pem",
        "-out",
        tmp_path / "fullchain.pem",
        "-subj",
        "/CN=example.gov.vn",
    ]
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *certificate], check=True, capture_output=True
    )
    whole = f"user {getpass.getuser()}; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}} http {{ include {tmp_path}/portal.conf; }}"
    (tmp_path / "nginx.conf").write_text(whole)
    done = subprocess.run(
        [NGINX, "-t", "-q", "-p", tmp_path, "-c", tmp_path / "nginx.conf"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
