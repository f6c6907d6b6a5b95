"""The shipped schedules run by the daemons they are for, in folders of their own: nothing of the machine is changed."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.deploy.conftest import ADDRESS, FAULT, HOME, NOTEBOOK, PLACE, UNITS

# Of the fault, what a letter writes as it is.
TOLD = FAULT.partition("é")[2]
UNSHARE = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
# Seconds for a daemon to wake, and for a build of two reports from nothing.
PATIENCE = 400

CRON = """\
set -e
for folder in /var/spool/cron /var/mail /var/spool/dma /etc/cron.d /run; do mount -t tmpfs tmpfs $folder; done
mkdir -m 1730 /var/spool/cron/crontabs; chgrp crontab /var/spool/cron/crontabs
chgrp mail /var/mail /var/spool/dma; chmod 2775 /var/mail /var/spool/dma
mount --bind /dev/null /etc/crontab
install -m 600 "$1" /var/spool/cron/crontabs/root
cron -f &
# The first build takes more than the minute after which the second is refused: its letter comes then.
for second in $(seq 400); do sleep 1; grep -q "$2" /var/mail/root 2> /dev/null && break; done
cat /var/mail/root
"""

# A machine whose disk is this one's, but where all that is written goes away; of its units, only the journal.
# $1: folder of the test, with units/ and mail/; $2: the project, which writes its pages.
SYSTEMD = """\
set -e
mount --make-rprivate /
mkdir $1/couche; mount -t tmpfs tmpfs $1/couche; cd $1/couche; mkdir haut travail racine
mount -t overlay overlay -o lowerdir=/,upperdir=haut,workdir=travail racine
for one in proc sys dev; do mount --rbind /$one racine/$one; done
for one in run var/spool/dma var/log/journal; do mkdir -p racine/$one; mount -t tmpfs tmpfs racine/$one; done
mkdir racine/run/essai; cp /lib/systemd/system/systemd-journald*.s* $1/units/* racine/run/essai
for one in $1 $2; do mount --bind $one racine$one; done
mount --bind $1/mail racine/var/mail
for one in mail spool/dma; do chgrp mail racine/var/$one; chmod 2775 racine/var/$one; done
export container=essai SYSTEMD_UNIT_PATH=/run/essai
exec chroot racine /lib/systemd/systemd --unit=essai.target
"""
TARGETS = ("sysinit", "basic", "shutdown", "sockets", "timers")


def need(*programs: str) -> None:
    """Skip, and say why, where a daemon is not installed, or cannot have folders of its own."""
    wanted = [name for name in (*programs, "sendmail", "unshare") if not (shutil.which(name) or Path(name).is_file())]
    alone = os.geteuid() == 0 and subprocess.run([*UNSHARE, "true"]).returncode == 0
    if wanted or not alone:
        pytest.skip(f"{programs[0]} n'est pas essayé : {', '.join(wanted) or 'un espace de montage à soi'} manque")


@pytest.mark.long
def test_the_real_cron_mails_what_failed(broken: Path, tmp_path: Path) -> None:
    """The shipped crontab, every minute, its mail to the local box: by the system's cron and its sendmail."""
    need("cron")
    text = (PLACE / "crontab").read_text(encoding="utf-8").replace(HOME, str(broken)).replace(ADDRESS, "root")
    (tmp_path / "crontab").write_text(text.replace("30 5 * * 1-5", "* * * * *"), encoding="utf-8")
    command = [*UNSHARE, "sh", "-c", CRON, "sh", str(tmp_path / "crontab"), TOLD]
    ran = subprocess.run(command, capture_output=True, text=True, errors="replace")
    assert "Subject: Cron" in ran.stdout, ran.stderr
    assert ".venv/bin/ose build --quiet" in ran.stdout
    assert TOLD in ran.stdout


def run_systemd(project: Path, place: Path, awaited: str) -> tuple[str, str]:
    """Start systemd with the shipped units, their hour a few seconds off; how the service ended, and the mail."""
    units, mail, told = place / "units", place / "mail", place / "fini"
    for folder in (units, mail):
        folder.mkdir()
    for name in UNITS:
        text = (PLACE / name).read_text(encoding="utf-8").replace(HOME, str(project)).replace(ADDRESS, "root")
        text = text.replace("User=ose\n", "User=root\n").replace("Mon..Fri 05:30", "*:*:0/5")
        (units / name).write_text(text, encoding="utf-8")
    # What systemd itself says of the end; once: a build each five seconds would never end.
    watch = f"[Service]\nExecStopPost=/bin/sh -c 'echo $SERVICE_RESULT > {told} ; systemctl stop ose.timer'\n"
    (units / "ose.service").open("a", encoding="utf-8").write(watch)
    for name in TARGETS:
        (units / f"{name}.target").write_text("[Unit]\nDefaultDependencies=no\n", encoding="utf-8")
    wanted = "[Unit]\nDefaultDependencies=no\nWants=systemd-journald.service ose.timer\n"
    (units / "essai.target").write_text(wanted, encoding="utf-8")
    own = ["--cgroup", "--uts", "--ipc", "--mount-proc", "sh", "-c", SYSTEMD, "sh", str(place), str(project)]
    machine = subprocess.Popen([*UNSHARE, *own], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        end = time.monotonic() + PATIENCE
        while machine.poll() is None and time.monotonic() < end and not (place / awaited).is_file():
            time.sleep(0.5)
        time.sleep(2)  # what is written is whole; of a success, no mail follows
    finally:
        machine.kill()
        said = machine.communicate()[1]
    letters = mail / "root"
    text = letters.read_text(encoding="utf-8", errors="replace") if letters.is_file() else ""
    return told.read_text(encoding="utf-8").strip() if told.is_file() else said, text


@pytest.mark.long
def test_the_real_systemd_builds_at_its_hour_and_mails_nothing(project: Path, tmp_path: Path) -> None:
    need("/lib/systemd/systemd")
    page, state = (project / "outputs" / name for name in (f"valenciennes/2022/{NOTEBOOK}.html", "etat.html"))
    page.unlink(missing_ok=True)
    assert run_systemd(project, tmp_path, "fini") == ("success", "")
    assert page.is_file()
    assert "État des rapports" in state.read_text(encoding="utf-8")


@pytest.mark.long
def test_the_real_systemd_mails_what_failed(broken: Path, tmp_path: Path) -> None:
    need("/lib/systemd/systemd")
    result, letter = run_systemd(broken, tmp_path, "mail/root")
    assert result == "exit-code"
    assert "Subject: Echec de ose.service" in letter
    assert "Les derniers rapports complets restent en place." in letter
    assert FAULT in letter
