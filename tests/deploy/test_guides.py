"""The guides say what is so: commands, options, places, links, sentences, rights, and the lines that make new keys."""

from __future__ import annotations

import ast
import fnmatch
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from chalicelib.kit import vault
from scripts.local import environment, template
from scripts.local.environment import ROOT

GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
RIGHTS = sorted((ROOT / "docs" / "guides" / "rights").glob("*.json"))
WORDS_ALONE = {"README.md", "time.md"}  # no steps in them
PAGES = [*GUIDES, ROOT / "docs" / "decisions" / "0008-one-template-for-every-stage.md"]
SELF_TOLD = {"test.py", "lock.py"}  # what they take stands at their head: asked for --help they would begin
LARGEST_POLICY = 6144  # characters of a managed policy without its white space (IAM quotas)
NOT_TRIED = "> Not tried on AWS yet: "


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def code_of(page: Path) -> Iterator[str]:
    """Every line in a page's code blocks, without the indentation of a list."""
    inside = False
    for line in read(page).splitlines():
        if line.strip().startswith("```"):
            inside = not inside
        elif inside:
            yield line.strip()


def prose_of(page: Path) -> str:
    """A page without its code blocks."""
    return re.sub(r"^ *```.*?^ *```$", "", read(page), flags=re.DOTALL | re.MULTILINE)


def commands() -> Iterator[tuple[str, str]]:
    """(page, command) for each call of a script of ours, in a block or in a sentence."""
    for page in PAGES:
        told = [*code_of(page), *re.findall(r"`(python3 scripts/[^`]+)`", prose_of(page))]
        yield from ((page.name, line) for line in told if line.startswith("python3 scripts/"))


@cache
def known(script: str) -> str:
    """What a script says it takes."""
    path = ROOT / script
    if path.name in SELF_TOLD:
        return ast.get_docstring(ast.parse(read(path))) or ""
    told = subprocess.run([sys.executable, str(path), "--help"], capture_output=True, text=True, timeout=60, check=True)
    return told.stdout


@pytest.mark.parametrize(("guide", "command"), sorted(set(commands())))
def test_a_command_is_one_that_the_script_takes(guide: str, command: str) -> None:
    script, *words = shlex.split(command, comments=True)[1:]
    assert (ROOT / script).is_file(), f"{guide}: {script}"
    for word in words:
        if word.startswith("--"):
            assert re.search(rf"{word}\b", known(script)), f"{guide}: {script} does not know {word}"


def anchors(page: Path) -> set[str]:
    """How each heading is linked to."""
    titles = re.findall(r"^#+ (.+)$", prose_of(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("guide", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(guide: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", prose_of(guide)):
        if not target.startswith(("http://", "https://")):
            place, _, anchor = target.partition("#")
            found = (guide.parent / place).resolve() if place else guide
            assert found.exists(), f"{guide.name} links to {target}"
            assert not anchor or anchor in anchors(found), f"{guide.name} links to {target}"


@pytest.mark.parametrize("guide", PAGES, ids=lambda page: page.name)
def test_every_place_that_is_named_is_there(guide: Path) -> None:
    for place in re.findall(r"`((?:docs|infra|scripts|backend|tests)/[^`\s]*)`", read(guide)):
        assert (ROOT / place).exists(), f"{guide.name} names {place}"


@pytest.mark.parametrize("guide", [page for page in GUIDES if page.name not in WORDS_ALONE], ids=lambda page: page.name)
def test_a_guide_says_what_is_untried_and_what_can_go_wrong(guide: Path) -> None:
    text = read(guide)
    assert text.count("\n## What can go wrong\n") == 1
    told = [line for line in text.splitlines() if "not tried" in line.lower()]
    assert told, f"{guide.name} says nothing of what is untried"
    assert [line for line in told if not line.startswith(NOT_TRIED)] == []


@cache
def spoken() -> str:
    """Every text in our own code, a line each."""
    sources = [read(path) for folder in ("scripts", "backend/chalicelib") for path in (ROOT / folder).rglob("*.py")]
    texts = [node.value for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    return "\n".join(" ".join(text.split()) for text in texts if isinstance(text, str))


def is_said(sentence: str) -> bool:
    """Whether a good part of it, in a row, stands in our code: the rest is what was filled in."""
    words = sentence.replace("...", " ").strip(" .").split()
    row = max(2, len(words) * 2 // 5)
    return any(" ".join(words[first : first + row]) in spoken() for first in range(len(words) - row + 1))


def sentences() -> Iterator[tuple[str, str]]:
    """(page, sentence) for what the guides quote of our own: all quoted cells that are not marked as somebody else's."""
    for page in GUIDES:
        table = read(page).partition("\n## What can go wrong\n")[2]
        for row in table.splitlines():
            if row.startswith("| `") and row.count("|") >= 4:
                yield from ((page.name, quoted) for quoted in re.findall(r"`([^`]{12,})`", row.split(" | ")[0]))


# What AWS, the shell or Python say, in their own words.
THEIRS = (
    "AccessDenied", "An error occurred", "CNAMEAlreadyExists", "Object contains", "The certificate", "UPDATE_ROLLBACK_FAILED", "Your account",
    "already exists", "... already exists", "... decreases account's", "anteroom-prod-", "is not authorized", "not enough values", "PointInTimeRecovery", "DELETE_FAILED",
    "/anteroom/prod/", "InvalidRequest", "/api/health", "put-secret-value", "Parameter validation", "TerminationProtection",
)  # fmt: skip


def test_a_sentence_that_is_quoted_is_one_that_is_said() -> None:
    ours = {(page, quoted) for page, quoted in sentences() if not quoted.startswith(THEIRS)}
    assert len(ours) >= 20
    assert {(page, quoted) for page, quoted in ours if not is_said(quoted)} == set()


@pytest.mark.parametrize("path", RIGHTS, ids=lambda path: path.name)
def test_rights_are_few_and_fit_into_a_policy(path: Path) -> None:
    text = read(path)
    assert len("".join(text.split())) <= LARGEST_POLICY
    for statement in json.loads(text)["Statement"]:
        assert statement["Effect"] == "Allow"
        assert not [action for action in listed(statement["Action"]) if action.endswith((":*", ":Put*", ":Delete*", ":Create*"))]


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def granted(*names: str) -> list[str]:
    """Every action of these files of rights."""
    documents = [json.loads(read(ROOT / "docs" / "guides" / "rights" / f"{name}.json")) for name in names]
    return [action for document in documents for each in document["Statement"] for action in listed(each["Action"])]


# What CloudFormation makes of Chalice's own part of the template.
FROM_CHALICE = {
    *("AWS::ApiGateway::Deployment", "AWS::ApiGateway::RestApi", "AWS::ApiGateway::Stage", "AWS::Events::Rule", "AWS::IAM::Role"),
    *("AWS::Lambda::EventInvokeConfig", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Function", "AWS::Lambda::Permission"),
}
# What those kinds can also do, and the templates do not ask of them: replicas, imports, networks, other people's keys, ...
UNUSED = (
    "acm-pca:*", "apigateway:UpdateRestApiPolicy", "cloudfront:*ConnectionGroup", "cloudfront:UpdateDistributionWithStagingConfig",
    "dynamodb:*Contributor*", "dynamodb:*Item", "dynamodb:*KinesisStreamingDestination", "dynamodb:*ResourcePolicy",
    "dynamodb:*TableReplica", "dynamodb:ImportTable", "dynamodb:Query", "dynamodb:Scan", "ec2:*", "elasticfilesystem:*", "firehose:*",
    "iam:*PermissionsBoundary", "iam:AttachRolePolicy", "iam:CreateServiceLinkedRole", "iam:DetachRolePolicy", "kinesis:*",
    "kms:Disable*", "kms:EnableKey", "kms:RevokeGrant", "lambda:*CodeSigning*", "lambda:*ProvisionedConcurrency*", "lambda:*LayerVersion",
    "lambda:*RecursionConfig", "lambda:*ScalingConfig", "lambda:AssociateRuntimeAlias", "lambda:PassCapacityProvider",
    "lambda:PublishVersion", "lambda:PutRuntimeManagementConfig", "logs:*LogDelivery", "logs:*Index*", "logs:*Log*Protection",
    "logs:*ResourcePolicy", "logs:*Stream*", "logs:PutLogEvents", "logs:DeleteDataProtectionPolicy", "logs:PutBearerTokenAuthentication",
    "logs:PutDataProtectionPolicy", "payments:*", "s3:*Abac", "s3:*Accelerate*", "s3:*Acl", "s3:*Analytics*", "s3:DeleteBucketCors",
    "s3:*Inventory*", "s3:*Logging", "s3:*Metadata*", "s3:*Metrics*", "s3:*ObjectLock*", "s3:*Replication*",
    "s3:*Tiering*", "s3:*Website", "s3:DeleteBucketEncryption", "s3:DeleteBucketLifecycle", "s3:HeadObject", "s3:REST.PUT.OBJECT",
    "s3files:*", "s3tables:*", "secretsmanager:Re*", "sns:PutDataProtectionPolicy",
)  # fmt: skip
ASK = """
import json, sys
from pathlib import Path
import cfnlint
told = Path(cfnlint.__file__).parent / "data" / "schemas"
which = json.loads((told / "providers" / "us-east-1.json").read_text())
for kind in sys.argv[1:]:
    handlers = json.loads((told / "resources" / f"{which[kind]}.json").read_text()).get("handlers", {})
    print(*(action for name in ("create", "read", "update", "delete") for action in handlers.get(name, {}).get("permissions", [])))
"""


def kinds(file: str) -> set[str]:
    """The types of resources in a template of ours; a function is written in SAM's words, and becomes what Chalice's become."""
    document = yaml.load(read(ROOT / "infra" / file), template.Loader)
    return {resource["Type"] for resource in document["Resources"].values() if "Type" in resource} - {"AWS::Serverless::Function"}


@pytest.mark.parametrize(("what", "kind"), [("alarms", "AWS::CloudWatch::Alarm"), ("secrets", "AWS::SecretsManager::Secret")])
def test_as_many_are_paid_for_as_the_guide_counts(what: str, kind: str) -> None:
    assert f"| {what} | {len(list(template.resources(kind, 'prod')))} |" in read(ROOT / "docs" / "guides" / "cost.md")


def named_in(value: Any) -> set[str]:
    """Every resource or parameter that a part of a template refers to."""
    if isinstance(value, dict):
        refs = {value["!Ref"]} if "!Ref" in value else {value["!GetAtt"].split(".")[0]} if "!GetAtt" in value else set[str]()
        return refs.union(*map(named_in, value.values()))
    return set[str]().union(*map(named_in, value)) if isinstance(value, list) else set()


def test_what_a_deleted_stack_leaves_can_be_brought_back_as_the_guide_has_it() -> None:
    """By itself: what it refers to is left too, or is taken out as the guide says."""
    document = yaml.load(template.OVERLAY.read_text(encoding="utf-8"), template.Loader)
    left = {name: each for name, each in document["Resources"].items() if "DeletionPolicy" in each}
    others = {name for name, each in left.items() if each["Type"] != "AWS::DynamoDB::Table"}
    (step,) = re.findall(r"^2\. \*\*Cut it down\*\*.+?(?=^3\.)", read(ROOT / "docs" / "guides" / "leaving.md"), re.DOTALL | re.MULTILINE)
    assert set(re.findall(r"`([A-Z]\w+)`", step)) == others | {
        *("Parameters", "Resources", "DeletionPolicy", "Transform", "Conditions", "Outputs", "ConfigurationSetAttributes")
    }
    left["Sender"]["Properties"].pop("ConfigurationSetAttributes")
    assert {name for name in named_in(left) if "::" not in name} <= set(left) | set(document["Parameters"])


@pytest.mark.deep
@pytest.mark.parametrize(
    ("file", "more", "rights"),
    [
        ("overlay.yaml", FROM_CHALICE, ("through-cloudformation", "by-the-commands")),
        ("edge.yaml", set[str](), ("edge",)),
        ("guard.yaml", set[str](), ("guard",)),
    ],
)
def test_nothing_is_missing_that_cloudformation_asks_for(file: str, more: set[str], rights: tuple[str, ...]) -> None:
    """As its own descriptions of each kind of resource have it, which cfn-lint brings along."""
    asked = subprocess.run(
        [str(environment.ensure("lint")), "-c", ASK, *sorted(kinds(file) | more)], capture_output=True, text=True, check=True
    )
    wanted = {action for action in asked.stdout.split() if not any(fnmatch.fnmatchcase(action, unused) for unused in UNUSED)}
    assert len(wanted) > 10
    assert sorted(action for action in wanted if not any(fnmatch.fnmatchcase(action, may) for may in granted(*rights))) == []


def test_the_lines_of_the_guide_make_keys_that_the_functions_read() -> None:
    """Announced, changed over, and the oldest taken away, as docs/guides/keys.md has it."""
    lines = [line for line in code_of(ROOT / "docs" / "guides" / "keys.md") if line.startswith("NEW=")]
    made = [re.search(r"python3 -c '([^']+)'( [\w-]+)?", line) for line in lines]
    keys = json.dumps({"kid": "first", "secret": "x" * 64})
    seen = []
    for step in made:
        assert step
        given = [sys.executable, "-c", step[1], *(step[2] or "").split()]
        keys = subprocess.run(given, input=keys, capture_output=True, text=True, check=True).stdout
        found = msgspec.json.decode(keys, type=vault.Keys)
        seen.append([found.kid, *(key.kid for key in found.older)])
        assert all(len(key.secret) >= 32 for key in (found, *found.older))
    assert seen == [["first", "2026-11"], ["2026-11", "first"], ["2026-11"]]


def test_the_line_of_the_guide_gives_the_edge_its_new_secret_and_changes_nothing_else(tmp_path: Path) -> None:
    (line,) = [line for line in code_of(ROOT / "docs" / "guides" / "keys.md") if line.endswith("> tag")]
    header = {"HeaderName": "X-Anteroom-Edge", "HeaderValue": "old"}
    api, pages = {"Id": "api", "CustomHeaders": {"Quantity": 1, "Items": [header]}}, {"Id": "pages", "CustomHeaders": {"Quantity": 0}}
    config = {"Comment": "as it was", "Origins": {"Quantity": 2, "Items": [pages, api]}}
    (tmp_path / "was.json").write_text(json.dumps({"ETag": "E1", "DistributionConfig": config}), encoding="utf-8")
    step = re.search(r"python3 -c '([^']+)'", line)
    assert step
    done = subprocess.run([sys.executable, "-c", step[1]], cwd=tmp_path, input="new\n", capture_output=True, text=True, check=True)
    header["HeaderValue"] = "new"
    assert (done.stdout, json.loads(read(tmp_path / "becomes.json"))) == ("E1\n", config)
