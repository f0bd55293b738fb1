"""One CloudFormation stack: a change set that is shown before it is carried out, and plain words for what went wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from scripts.local.environment import Plain

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
NOTHING = ("didn't contain changes", "No updates are to be performed")  # how CloudFormation says that all is as it was
DEAD = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"})  # a first try that came to nothing
EMPTY = frozenset({"", "REVIEW_IN_PROGRESS"})  # none, or one whose first change set nobody wanted
LONGEST = 45 * 60  # seconds; a first CloudFront distribution takes some minutes


@dataclass(frozen=True)
class Change:
    """What would become of one resource. `replaced` means that the old one goes and a new one comes."""

    action: str
    name: str
    kind: str
    replaced: bool


@dataclass(frozen=True)
class Stack:
    """A stack by name, through a boto3 client of CloudFormation."""

    client: Any
    name: str

    def state(self) -> str:
        """Its status, empty where there is none."""
        found = self._described()
        return str(found["StackStatus"]) if found else ""

    def outputs(self) -> dict[str, str]:
        """What the template tells; empty where there is no stack."""
        return {each["OutputKey"]: each["OutputValue"] for each in (self._described() or {}).get("Outputs", [])}

    def _described(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self.client.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return found

    def propose(self, template_url: str, parameters: Mapping[str, str]) -> str:
        """A change set towards the template; its id, or empty where nothing would change. Plain where it cannot be made."""
        state = self.state()
        if state in DEAD:
            raise Plain(
                f"The stack {self.name} is in the state {state} of a first try that failed: delete it in CloudFormation, then deploy."
            )
        if state.endswith("_IN_PROGRESS") and state not in EMPTY:
            raise Plain(f"The stack {self.name} is being changed ({state}); wait until that has ended.")
        made = self.client.create_change_set(
            StackName=self.name,
            ChangeSetName=f"deploy-{int(time.time())}",
            ChangeSetType="CREATE" if state in EMPTY else "UPDATE",
            TemplateURL=template_url,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
            Capabilities=CAPABILITIES,
        )
        return self._settled(made["Id"])

    def _settled(self, change_set: str) -> str:
        """Wait until a change set is worked out."""
        try:
            self.client.get_waiter("change_set_create_complete").wait(
                ChangeSetName=change_set, StackName=self.name, WaiterConfig={"Delay": 2}
            )
        except WaiterError as error:
            reason = str(self.client.describe_change_set(ChangeSetName=change_set, StackName=self.name).get("StatusReason", error))
            if any(words in reason for words in NOTHING):
                self.client.delete_change_set(ChangeSetName=change_set, StackName=self.name)
                return ""
            raise Plain(f"CloudFormation will not take the template: {reason}. Nothing was changed.") from error
        return change_set

    def changes(self, change_set: str) -> list[Change]:
        """What a change set would do, in the order of the resources' names."""
        pages = self.client.get_paginator("describe_change_set").paginate(ChangeSetName=change_set, StackName=self.name)
        found = [each["ResourceChange"] for page in pages for each in page.get("Changes", [])]
        return sorted(map(_change, found), key=lambda change: change.name)

    def drop(self, change_set: str) -> None:
        """Take a change set back that nobody wants."""
        self.client.delete_change_set(ChangeSetName=change_set, StackName=self.name)

    def carry_out(self, change_set: str, tell: Callable[[str], None] = lambda _: None) -> None:
        """Execute it and wait. Plain with the first reason where it failed: CloudFormation has then put back what was before."""
        begun = time.time()
        self.client.execute_change_set(ChangeSetName=change_set, StackName=self.name)
        state = self._waited(tell)
        if state not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            raise Plain(f"The stack {self.name} is {state}: {self._reason(begun)} What was there before is in place again.")

    def protect(self) -> None:
        """Refuse to be deleted until somebody lifts that; to what is protected already this does nothing."""
        self.client.update_termination_protection(StackName=self.name, EnableTerminationProtection=True)

    def _waited(self, tell: Callable[[str], None]) -> str:
        until, before = time.monotonic() + LONGEST, ""
        while time.monotonic() < until:
            state = self.state()
            if state != before:
                tell(state)
            if state and not state.endswith("_IN_PROGRESS"):
                return state
            before = state
            time.sleep(0.5 if state.startswith("REVIEW") else 2)
        raise Plain(f"The stack {self.name} is still {before} after {LONGEST // 60} minutes; CloudFormation goes on by itself.")

    def _reason(self, since: float) -> str:
        """The first resource that failed, and why."""
        pages = self.client.get_paginator("describe_stack_events").paginate(StackName=self.name)
        events = [each for page in pages for each in page["StackEvents"] if each["Timestamp"].timestamp() >= since - 5]
        failed = [each for each in events if each["ResourceStatus"].endswith("_FAILED")]
        return f"{failed[-1]['LogicalResourceId']}: {failed[-1].get('ResourceStatusReason', 'no reason given')}." if failed else ""


def _change(told: Mapping[str, Any]) -> Change:
    return Change(told["Action"], told["LogicalResourceId"], told["ResourceType"], told.get("Replacement") in ("True", "Conditional"))


def shown(changes: Sequence[Change]) -> list[str]:
    """A line for each change; what would be replaced or removed stands first and says so."""
    marks = {"Add": "+", "Modify": "~", "Remove": "-"}
    harsh = sorted(changes, key=lambda change: (not (change.replaced or change.action == "Remove"), change.name))
    return [f"  {marks.get(each.action, '?')} {each.name} ({each.kind}){'  REPLACED' if each.replaced else ''}" for each in harsh]
