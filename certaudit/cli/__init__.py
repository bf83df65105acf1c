"""The command line: parse, call, print, exit. The only place that prints, prompts or exits."""

from __future__ import annotations

import gc
import importlib
import os
import sys
import traceback
from typing import Any

import click

from certaudit import __version__
from certaudit.cli.standard_error import say, show
from certaudit.errors import NothingToAuditError, UsageError

COMMANDS = {
    "audit": "audit",
    "check": "check",
    "probe": "probe",
    "media": "media",
    "inventory": "inventory",
    "collect-script": "collect_script",
    "chain": "chain",
    "requirements": "requirements",
    "export": "export",
    "diff": "diff",
    "waive": "waive",
    "sign": "sign",
    "verify-report": "verify_report",
}
"""The module of each command, in the order in which a newcomer needs them."""

ISSUES = "the certaudit issue tracker"


class Commands(click.Group):
    """Imports the module of a command when the command is asked for, so that `--help` starts at once."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The commands, in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command called `name`; None where there is none."""
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"certaudit.cli.{COMMANDS[name]}").command
        return command

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first of `arguments` names; where none is called that, what may have been meant."""
        if arguments[0] not in COMMANDS:
            from difflib import get_close_matches

            for meant in get_close_matches(arguments[0], COMMANDS, n=1):
                context.fail(f"No such command {arguments[0]!r}; did you mean {meant!r}?")
        return super().resolve_command(context, arguments)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="certaudit")
@click.option("--debug", is_flag=True, help="Show the traceback of an internal error.")
@click.pass_context
def cli(context: click.Context, debug: bool) -> None:
    """Audits the PKI certificates of a Configuration Manager site before operating system deployment.

    It reads certificates where they are, works out which serves which role on which system, and holds each against
    what the release demands of that role. It works offline and only reads.

    \b
    Exit codes: 0 compliant, 1 a requirement failed, 2 bad usage, 3 no certificate found,
    4 incomplete (something could not be checked or read), 5 internal error.

    \b
    Examples:
      certaudit inventory FOLDER                          what is in there?
      certaudit check pxe.pfx --role pxe-service-point    is this one fit for its role?
      certaudit audit fixtures/contoso/site.toml          is the whole site ready?
    """
    if debug:
        import logging

        logging.basicConfig(format="certaudit: %(message)s")
        logging.getLogger("certaudit").setLevel(logging.DEBUG)
    if os.environ.get("NO_COLOR"):
        context.color = False


def main() -> None:
    """Runs the command line and exits with the code of docs/exit-codes.md."""
    gc.set_threshold(100_000, 50, 50)  # an audit allocates much and drops little: looking for garbage often costs 4 %
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str], **extra: Any) -> int:
    """Runs a command and gives its exit code. Nothing but KeyboardInterrupt's usual end escapes."""
    try:
        code = cli.main(arguments, prog_name="certaudit", standalone_mode=False, **extra)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        show(error)
        return 2
    except (click.Abort, KeyboardInterrupt):
        say("certaudit: interrupted")
        return 130
    except UsageError as error:
        say(f"certaudit: {error}")
        return 2
    except NothingToAuditError as error:
        say(f"certaudit: {error}")
        return 3
    except BrokenPipeError:
        # The reader of our output has gone: there is nobody to tell, and it is no finding.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:
        if "--debug" in arguments:
            traceback.print_exc()
        say(
            f"certaudit: internal error ({type(error).__name__}); please report it to {ISSUES}. "
            "`certaudit --debug ...` shows where it happened."
        )
        return 5
