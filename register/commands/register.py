"""The group `gazette register`."""

import click

from register.commands.changing import accede_command, amend_command, correct_command, leave_command
from register.commands.checking import check_command
from register.commands.differences import diff_command
from register.commands.exporting import export_command
from register.commands.flags import due_command, flags_command
from register.commands.history import history_command, rebuild_command
from register.commands.importing import import_command
from register.commands.life import (
    confirm_command,
    dispute_command,
    end_command,
    reject_command,
    resume_command,
    suspend_command,
    withdraw_command,
)
from register.commands.listing import list_command, show_command
from register.commands.log import checkpoint_command, proof_command, redact_command
from register.commands.new import new_command
from register.commands.reporting import (
    dispose_command,
    incident_command,
    recommend_command,
    renew_command,
    review_command,
)
from register.commands.submitting import discard_command, drafts_command, sign_command, submit_command
from register.commands.verifying import verify_command


@click.group("register")
def register_commands() -> None:
    """The register of data-sharing agreements: write, check, submit, sign, confirm, change, review, read.

    Example: gazette register list
    """


for command in (
    new_command,
    check_command,
    submit_command,
    drafts_command,
    discard_command,
    show_command,
    list_command,
    sign_command,
    confirm_command,
    dispute_command,
    amend_command,
    correct_command,
    review_command,
    renew_command,
    reject_command,
    recommend_command,
    accede_command,
    leave_command,
    suspend_command,
    resume_command,
    end_command,
    dispose_command,
    incident_command,
    withdraw_command,
    redact_command,
    history_command,
    diff_command,
    due_command,
    flags_command,
    rebuild_command,
    import_command,
    export_command,
    checkpoint_command,
    proof_command,
    verify_command,
):
    register_commands.add_command(command)
