"""The tandem command."""

import json
import sys

import typer

from api import (
    cli_backup,
    cli_calibrate,
    cli_demo,
    cli_doctor,
    cli_feedback,
    cli_people,
    cli_phrases,
    cli_policy,
    cli_promote,
    cli_replay,
    cli_retention,
    cli_score,
    cli_shadow,
    cli_train,
    simulate_cli,
)
from api.app import create_app
from api.serving import address_of, listening, prepared, serving, until_stopped
from api.shell import Data, Host, Port, Workers, run, screen, settings_with
from api.workers import working

app = typer.Typer(
    help="911 call triage and co-responder dispatch. Advice with reasons; a human decides.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.command()
def serve(data: Data = None, port: Port = None, host: Host = None, workers: Workers = None) -> None:
    """Run the service until Ctrl-C."""
    settings = settings_with(data=data, port=port, host=host, workers=workers)
    answering = serving if settings.workers == 1 else working

    async def work() -> None:
        with listening(settings) as listener:
            async with prepared(settings) as engines, answering(settings, engines, listener):
                screen.print(
                    f"Tandem answers at {address_of(settings, listener)}", markup=False, highlight=False
                )
                await until_stopped()
                screen.print("Stopping.")

    run(work(), settings)


@app.command()
def migrate(data: Data = None) -> None:
    """Bring the database up to date and exit."""
    settings = settings_with(data=data)

    async def work() -> None:
        async with prepared(settings):
            screen.print("The database is up to date.")

    run(work(), settings)


@app.command()
def openapi() -> None:
    """Print the OpenAPI document of this version."""
    document = create_app(settings_with(), "postgresql://none", None).openapi()
    json.dump(document, sys.stdout, indent=1, sort_keys=True)
    sys.stdout.write("\n")


cli_people.center_app.command("retention")(cli_retention.center_retention)
app.add_typer(cli_people.center_app, name="center")
app.add_typer(cli_people.user_app, name="user")
app.add_typer(cli_people.token_app, name="token")
app.add_typer(cli_retention.hold_app, name="hold")
app.add_typer(cli_phrases.phrases_app, name="phrases")
app.add_typer(cli_policy.policy_app, name="policy")
app.add_typer(cli_calibrate.calibrate_app, name="calibrate")
app.add_typer(cli_feedback.feedback_app, name="feedback")
app.add_typer(cli_shadow.shadow_app, name="shadow")
app.command("demo")(cli_demo.demo)
app.command("replay")(cli_replay.replay)
app.command("simulate")(simulate_cli.simulate_command)
app.command("score")(cli_score.score_command)
app.command("backup")(cli_backup.backup)
app.command("restore")(cli_backup.restore)
app.command("doctor")(cli_doctor.doctor)
app.command("train")(cli_train.train)
app.command("promote")(cli_promote.promote)
