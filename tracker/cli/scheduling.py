"""What `tracker schedule` prints: lines for cron, units for systemd, a recipe for a container. Texts of values alone.

Every place is absolute, and written as the reader of each text wants it: cron turns a bare % into a line break,
systemd expands % and $, compose expands $. Starts and installs nothing.
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from tracker.errors import InputError

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
VARIABLES = "tracker.env"  # beside feeds.yaml: tokens of sources and the like, NAME=value by line
GRACE = 10  # seconds from SIGTERM to SIGKILL; `tracker run` ends within 5
FROM_SOURCE = (
    "COPY requirements/runtime.txt /src/requirements/",
    "RUN pip install --no-cache-dir --require-hashes -r /src/requirements/runtime.txt",
    "COPY pyproject.toml README.md LICENSE /src/",
    "COPY tracker /src/tracker",
    "RUN pip install --no-cache-dir --no-deps /src",
)
HARDENING = """\
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
PrivateMounts=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
UMask=0027"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What is to be run: an interpreter that has the package, the settings, the database, and as whom."""

    python: Path
    config: Path
    database: Path
    user: str
    ids: tuple[int, int]  # of the user and the group
    source: Path | None = None  # the folder with pyproject.toml that the package was installed from, if it is there
    version: str = "0"
    metrics: Path | None = None
    backups: Path | None = None  # a folder of its own for backups

    def __post_init__(self) -> None:
        """Refuse a place that no line can hold."""
        for path in (self.python, self.config, self.database, self.metrics, self.backups):
            if path is not None and not str(path).isprintable():
                raise InputError(f"{str(path)!r}: a name with a line break or another unprintable character; rename it")

    def command(self, *words: str) -> list[str]:
        """The words of `tracker …` for this installation."""
        start = [str(self.python), "-m", "tracker", "--config", str(self.config), "--db", str(self.database)]
        return [*start, *words]

    @property
    def variables(self) -> Path:
        """The file with variables of the environment, which need not be there."""
        return self.config.parent / VARIABLES

    @property
    def written(self) -> tuple[Path, ...]:
        """The folders that are written to."""
        folders = [self.database.parent] + ([self.metrics.parent] if self.metrics else [])
        folders += [self.backups] if self.backups else []
        return tuple(dict.fromkeys(folders))


def crontab(of: Installation, every: timedelta) -> str:
    """Two lines, one of them a comment: in rhythm, or at once after a boot and to stay."""
    start = f"set -a; [ ! -r {_shell(of.variables)} ] || . {_shell(of.variables)}; exec "
    once, stay = (
        start + shlex.join(of.command("run", *rest, "--log", "text", "--log-level", "warning"))
        for rest in (["--once"], [])
    )
    return "\n".join(
        [
            "# tracker: do what is due; it is over at once where nothing is. `crontab -e` and paste this line.",
            f"{cron_fields(every)} {_in_cron(once)}",
            "# or instead: start at boot and stay, with the language model loaded once",
            f"#@reboot {_in_cron(stay)}",
            "",
        ]
    )


def cron_fields(every: timedelta) -> str:
    """The five fields of a line of crontab; InputError where cron cannot say it."""
    minutes, rest = divmod(every, MINUTE)
    if not rest and 0 < minutes < 60 and 60 % minutes == 0:
        return f"*/{minutes} * * * *" if minutes > 1 else "* * * * *"
    hours, rest = divmod(every, HOUR)
    if not rest and 0 < hours < 24 and 24 % hours == 0:
        return f"7 */{hours} * * *" if hours > 1 else "7 * * * *"
    if every == DAY:
        return "7 4 * * *"
    raise InputError(
        f"cron cannot say 'every {every / MINUTE:g} minutes'; take 1m, 5m, 10m, 15m, 30m, 1h, 2h, 6h, 12h or 1d"
    )


def _in_cron(command: str) -> str:
    return command.replace("%", r"\%")


def _shell(path: Path) -> str:
    return shlex.quote(str(path))


def units(of: Installation, every: timedelta) -> Mapping[str, str]:
    """File name to text: a service that is started by a timer."""
    seconds = max(int(every.total_seconds()), 1)
    timer = f"""\
[Unit]
Description=tracker: look for what is due

[Timer]
OnBootSec=2min
OnUnitInactiveSec={seconds}s
AccuracySec=1s
RandomizedDelaySec={max(seconds // 20, 1)}s

[Install]
WantedBy=timers.target
"""
    return {
        "tracker.service": _unit(of, of.command("run", "--once"), kind="oneshot", rest=_ONCE),
        "tracker.timer": timer,
    }


def service(of: Installation) -> Mapping[str, str]:
    """File name to text: a service that stays."""
    text = _unit(of, of.command("run"), kind="exec", rest=_STAYING)
    return {"tracker.service": f"{text}\n[Install]\nWantedBy=multi-user.target\n"}


# 75: another run is under way; 69: no source answered, which its log tells.
_ONCE = "SuccessExitStatus=69 75\nTimeoutStartSec=2h"
_STAYING = "ExecReload=/bin/kill -HUP $MAINPID\nRestart=on-failure\nRestartSec=30\nRestartPreventExitStatus=2 70 75 78"


def _unit(of: Installation, words: Sequence[str], *, kind: str, rest: str) -> str:
    folders = "\n".join(f"ReadWritePaths={_quoted(_specifiers(str(folder)))}" for folder in of.written)
    return f"""\
[Unit]
Description=tracker: news monitoring and policy events
Documentation=man:systemd.service(5)
Wants=network-online.target
After=network-online.target

[Service]
Type={kind}
User={of.user}
EnvironmentFile=-{_specifiers(str(of.variables))}
ExecStart={" ".join(map(_in_unit, words))}
{rest}
TimeoutStopSec={GRACE}
Nice=5
# What is written to must be there. Files and commands of your alerts are confined likewise: name their folders here.
{folders}
{HARDENING}
"""


def _in_unit(word: str) -> str:
    """A word of a command, nothing in it expanded."""
    return _quoted(_specifiers(word).replace("$", "$$"))


def _quoted(text: str) -> str:
    """A word of a line of systemd, in quotation marks where it has blanks or quotes."""
    if text and not any(char in text for char in " \t'\"\\;"):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _specifiers(text: str) -> str:
    return text.replace("%", "%%")


def container(of: Installation, every: timedelta) -> Mapping[str, str]:
    """File name to text: an image and how to run it, with the settings read-only and the database's folder writable."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    words = ["--config", f"/etc/tracker/{of.config.name}", "--db", f"/var/lib/tracker/{of.database.name}"]
    image = [
        f"# docker build -t tracker -f Dockerfile {_shell(of.source) if of.source else '.'}",
        f"FROM python:{python}-slim",
        *(FROM_SOURCE if of.source else [f"RUN pip install --no-cache-dir tracker=={of.version}"]),
        "RUN useradd --system --uid 10001 tracker",
        "USER tracker",
        "STOPSIGNAL SIGTERM",
        f"ENTRYPOINT {json.dumps(['python', '-m', 'tracker', *words])}",
        f"CMD {json.dumps(['run', '--every', f'{int(every.total_seconds())}s', '--log', 'json'])}",
        "",
    ]
    return {"Dockerfile": "\n".join(image), "compose.yaml": _compose(of)}


def _compose(of: Installation) -> str:
    """Long forms of volumes, since a place may have a colon in it."""
    tracker: dict[str, Any] = {
        "image": "tracker",
        "hostname": "tracker",  # a lock tells by it who was who before a restart
        "user": "{}:{}".format(*of.ids),
        "restart": "unless-stopped",
        "init": True,
        "stop_grace_period": f"{GRACE}s",
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "tmpfs": ["/tmp"],  # noqa: S108 - the container's own
        "env_file": [{"path": str(of.variables), "required": False}],
        "volumes": [
            {"type": "bind", "source": str(of.config.parent), "target": "/etc/tracker", "read_only": True},
            {"type": "bind", "source": str(of.database.parent), "target": "/var/lib/tracker"},
        ],
    }
    if of.backups is not None:
        tracker["volumes"] += [{"type": "bind", "source": str(of.backups), "target": _inside(of)}]
    text = yaml.safe_dump({"services": {"tracker": tracker}}, sort_keys=False, allow_unicode=True, width=1_000)
    return text.replace("$", "$$")  # compose expands variables everywhere


def _inside(of: Installation) -> str:
    """Where the folder of backups is to be in the container: there the settings, read as ever, name it."""
    assert of.backups is not None
    if of.backups.is_relative_to(of.config.parent):
        return str(Path("/etc/tracker") / of.backups.relative_to(of.config.parent))
    return str(of.backups)
